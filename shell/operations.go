package shell

import (
	"context"
	"fmt"
	"strconv"

	"purser/client"
)

func operationCommands() []*Command {
	return []*Command{{
		Name: "operation list", Group: groupOperation, Summary: "List the operations on releases, the newest first.",
		Options: []Option{
			{Name: "releaseName", Help: "only operations on this release", Values: Releases},
			{Name: "open", Kind: Flag, Help: "only operations that are under way", Named: true},
			{Name: "limit", Kind: Number, Help: "how many at most", Default: "20", Named: true},
		},
		Examples: []string{"operation list", "operation list hello --open"},
		Run:      listOperations,
	}}
}

func listOperations(ctx context.Context, c *Call) error {
	limit := c.Number("limit")
	if limit < 1 {
		return usageErrorf("--limit is 1 or more, not '%d'", limit)
	}
	server, err := c.Client()
	if err != nil {
		return err
	}
	found, err := server.Operations(ctx, client.OperationFilter{Name: c.Text("releaseName"), Open: c.Flag("open"), Size: limit})
	if err != nil {
		return err
	}
	if found.Operations == nil {
		found.Operations = []client.Operation{}
	}
	r := Result{Data: found.Operations}
	list := Table{Header: []string{"Id", "Release", "Operation", "From", "To", "Phase", "Outcome", "Started", "Finished", "Message"}}
	for _, o := range found.Operations {
		kind := o.Kind
		if o.Rollback {
			kind = "rollback"
		}
		r.Names = append(r.Names, strconv.FormatInt(o.ID, 10))
		list.Rows = append(list.Rows, []string{
			strconv.FormatInt(o.ID, 10), o.Name, kind, versionOrNone(o.From), versionOrNone(o.To), o.Phase, string(o.Outcome),
			c.date(o.StartedAt), c.date(o.FinishedAt), o.Message,
		})
	}
	r.Tables = []Table{list}
	return c.Show(r)
}

func versionOrNone(version int) string {
	if version == 0 {
		return ""
	}
	return fmt.Sprintf("v%d", version)
}
