package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"purser"
	"purser/config"
	"purser/deployer"
	"purser/deployer/local"
)

// localPlatform is the type of accounts whose applications are processes of this machine.
const localPlatform = "local"

// platformParts is what platforms are opened with.
type platformParts struct {
	config    *config.Config
	resources *deployer.Resources
	ports     *local.Ports
	log       *slog.Logger
}

// platformTypes opens an account, by the type of its platform. A new platform is one line here.
func platformTypes() map[string]func(context.Context, platformParts, config.Account) (purser.Deployer, error) {
	return map[string]func(context.Context, platformParts, config.Account) (purser.Deployer, error){
		localPlatform: openLocal,
	}
}

// openPlatforms opens every configured account. After an error none is open.
func openPlatforms(ctx context.Context, parts platformParts) (purser.Platforms, error) {
	platforms := purser.Platforms{}
	for _, account := range parts.config.Accounts {
		open, ok := platformTypes()[account.Platform]
		if !ok {
			return nil, errors.Join(fmt.Errorf("%s: account %s: this server has no platform of type %s", account.Origin, account.Name, account.Platform),
				closePlatforms(platforms))
		}
		d, err := open(ctx, parts, account)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("%s: %w", account.Origin, err), closePlatforms(platforms))
		}
		platforms[account.Name] = d
	}
	return platforms, nil
}

func closePlatforms(platforms purser.Platforms) error {
	var errs []error
	for _, d := range platforms {
		errs = append(errs, d.Close())
	}
	return errors.Join(errs...)
}

func openLocal(ctx context.Context, parts platformParts, account config.Account) (purser.Deployer, error) {
	decoded, err := local.Decode(account.Name, account.Settings)
	if err != nil {
		return nil, err
	}
	binary, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c := parts.config
	return local.New(ctx, local.Options{
		Account: decoded, StateDir: filepath.Join(c.DataDir, "platforms", localPlatform, folderName(account.Name)),
		Shim: []string{binary, shimCommand}, Resources: parts.resources, Ports: parts.ports,
		Clock: purser.SystemClock{}, Log: parts.log.With("platform", account.Name),
		LogLimit: c.Local.LogBytes, KeepFiles: c.Local.KeepFiles, StopOnExit: c.Local.StopOnExit,
	})
}
