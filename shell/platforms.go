package shell

import (
	"context"
	"strconv"
)

func platformCommands() []*Command {
	return []*Command{{
		Name: "platform list", Group: groupPlatform, Summary: "List platforms",
		Run: func(ctx context.Context, c *Call) error {
			server, err := c.Client()
			if err != nil {
				return err
			}
			found, err := server.Deployers(ctx)
			if err != nil {
				return err
			}
			r := Result{Data: found}
			list := Table{Header: []string{"Name", "Type", "Description"}}
			for _, d := range found {
				r.Names = append(r.Names, d.Name)
				list.Rows = append(list.Rows, []string{d.Name, d.Type, d.Description})
			}
			r.Tables = []Table{list}
			return c.Show(r)
		},
	}}
}

func repositoryCommands() []*Command {
	return []*Command{{
		Name: "repo list", Group: groupRepository, Summary: "List package repositories",
		Run: func(ctx context.Context, c *Call) error {
			server, err := c.Client()
			if err != nil {
				return err
			}
			found, err := server.Repositories(ctx)
			if err != nil {
				return err
			}
			r := Result{Data: found}
			list := Table{Header: []string{"Name", "URL", "Local", "Order"}}
			for _, p := range found {
				r.Names = append(r.Names, p.Name)
				list.Rows = append(list.Rows, []string{p.Name, p.URL, strconv.FormatBool(p.Local), strconv.Itoa(p.Order)})
			}
			r.Tables = []Table{list}
			return c.Show(r)
		},
	}}
}
