package release

import (
	"context"
	"strings"

	"purser"
)

// TailLogs gives the last lines that the applications of the latest version have printed. Of a platform that tells logs
// only as a whole each application has one text of all instances. A deleted version has no logs.
//
// CodeReleaseNotFound, CodeNotFound for an application that the version does not have and for the platform, CodePlatform.
func (e *Engine) TailLogs(ctx context.Context, r purser.LogRequest) (purser.Logs, error) {
	v, apps, err := e.logsOf(ctx, r)
	if err != nil {
		return purser.Logs{}, err
	}
	logs := purser.Logs{Version: v.Version}
	if v.Stage.IsDeleted() {
		return logs, nil
	}
	platform, err := e.Platforms.Find(v.Platform)
	if err != nil {
		return purser.Logs{}, err
	}
	for _, a := range apps {
		lines, err := tailOf(ctx, platform, a.DeploymentID, r.Lines)
		if err != nil {
			return purser.Logs{}, err
		}
		for _, l := range lines {
			l.Application = a.Name
			logs.Lines = append(logs.Lines, l)
		}
	}
	return logs, nil
}

// logsOf finds the latest version, and those of its applications that are asked for.
func (e *Engine) logsOf(ctx context.Context, r purser.LogRequest) (purser.Release, []purser.ReleaseApplication, error) {
	v, err := findLight(ctx, e.Store, r.Key, 0)
	if err != nil || r.App == "" {
		return v, v.Applications, err
	}
	for _, a := range v.Applications {
		if strings.EqualFold(a.DeploymentID, r.App) || strings.EqualFold(a.Name, r.App) {
			return v, []purser.ReleaseApplication{a}, nil
		}
	}
	return v, nil, purser.Errorf(purser.CodeNotFound, "Version %d of the release [%s] has no application '%s'", v.Version, r.Key.Name, r.App)
}

// tailOf gives the last lines of one deployment.
func tailOf(ctx context.Context, platform purser.Deployer, id string, lines int) ([]purser.LogLine, error) {
	if follower, ok := platform.(purser.LogFollower); ok {
		return follower.TailLogs(ctx, id, lines)
	}
	text, err := platform.Logs(ctx, id)
	if err != nil {
		return nil, err
	}
	if text = lastLines(strings.TrimSuffix(text, "\n"), lines); text == "" {
		return nil, nil
	}
	return []purser.LogLine{{DeploymentID: id, Stream: purser.LogStdout, Text: text}}, nil
}

// lastLines gives the end of a text.
func lastLines(text string, lines int) string {
	for at := len(text); lines > 0; lines-- {
		if at = strings.LastIndexByte(text[:at], '\n'); at < 0 {
			return text
		}
		if lines == 1 {
			return text[at+1:]
		}
	}
	return ""
}
