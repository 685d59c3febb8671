package connect

import (
	"context"

	"google.golang.org/protobuf/proto"

	"purser"
	v1 "purser/api/connect/applicationv1"
)

// CreateRelease implements applicationv1connect.ApplicationServiceHandler. It answers when the platform has taken the release.
// One that it did not take is kept as failed, and has the name.
func (h *Handler) CreateRelease(ctx context.Context, r *v1.CreateReleaseRequest) (*v1.Application_Release, error) {
	key, platform, err := h.optionalKey(r)
	if err != nil {
		return nil, err
	}
	c, err := readChart(r.GetChartRef())
	if err != nil {
		return nil, err
	}
	values, err := valuesOf(r.GetValuesYaml(), r.GetValuesMap())
	if err != nil {
		return nil, err
	}
	meta, err := h.resolve(ctx, &c)
	if err != nil {
		return nil, err
	}
	if key.Name == "" {
		key.Name = h.invented(meta.Name)
	}
	request := purser.InstallRequest{
		Key: key, Package: c.identifier, Platform: platform, Values: values, RequestedBy: subject(ctx), KeepFailed: true,
	}
	if request.Facts, err = c.facts(); err != nil {
		return nil, err
	}
	if r.GetDryRun() {
		return h.previewCreate(ctx, request, meta)
	}
	made, err := h.Engine.Install(ctx, request)
	if err != nil {
		return nil, h.notCreated(ctx, key, err)
	}
	made.Facts = request.Facts
	return message(made), nil
}

// previewCreate tells what would come to be, as revision 1 whatever has the name: that is not looked at (spec/dialects.md §1.3).
func (h *Handler) previewCreate(ctx context.Context, r purser.InstallRequest, meta purser.PackageMetadata) (*v1.Application_Release, error) {
	r.PackageID = meta.ID // by id the name is not checked
	p, err := h.Engine.PreviewInstall(ctx, r)
	if err != nil {
		return nil, err
	}
	p.Release.Version, p.Release.Facts = 1, r.Facts
	return message(p.Release), nil
}

// notCreated tells why an install has failed: a release that was accepted is there, as failed.
func (h *Handler) notCreated(ctx context.Context, key purser.ReleaseKey, err error) error {
	switch purser.ErrorCode(err) {
	case purser.CodeConflict:
		return taken(key, purser.ErrorMessage(err))
	case purser.CodeBusy:
		return taken(key, "Release with the name ["+key.Name+"] already exists, and is being changed.")
	}
	if ctx.Err() != nil {
		return err
	}
	if kept, found := h.standing(ctx, key); found == nil && kept.Stage == purser.StageFailed {
		return notDeployed(kept, "The release was not deployed, and is kept as failed: "+purser.ErrorMessage(err))
	}
	return err
}

// message is a revision on the wire. Packages know no version of what they hold, so applicationVersion is empty.
func message(r purser.Release) *v1.Application_Release {
	return &v1.Application_Release{
		Namespace: proto.String(namespaceOf(r.Key)), Name: proto.String(r.Key.Name), Revision: proto.Int32(int32(r.Version)),
		ChartName: proto.String(r.Package.Metadata.Name),
		Version: &v1.Application_Chart_Version{
			ChartVersion: proto.String(r.Package.Metadata.Version), ChartRef: proto.String(chartRefOf(r)), ApplicationVersion: proto.String(""),
		},
	}
}
