package sqlite

import (
	"time"

	"github.com/uptrace/bun"

	"purser"
)

// operationRow is a row of operations.
type operationRow struct {
	bun.BaseModel `bun:"table:operations,alias:o"`

	ID              int64 `bun:",pk,autoincrement"`
	Space           text
	Name            text
	Kind            text
	Phase           text
	IsRollback      bool
	FromVersion     int
	ToVersion       int
	Deploy          text
	Remove          text
	Scale           text
	Activation      text
	Timeout         int64
	Deadline        *int64
	CancelRequested *int64
	RequestedBy     text
	FailureReason   text
	Owner           text
	LeaseUntil      *int64
	Outcome         text
	Message         text
	StartedAt       *int64
	FinishedAt      *int64
}

type scaleBody struct {
	DeploymentID text              `json:"deploymentId"`
	Count        int               `json:"count"`
	Properties   map[string]string `json:"properties"`
}

type activationBody struct {
	Mode    string `json:"mode"`
	Revert  string `json:"revert"`
	Archive bool   `json:"archive"`
	Lenient bool   `json:"lenient"`
}

func operationRowOf(o purser.Operation) operationRow {
	return operationRow{
		ID: o.ID, Space: text(o.Key.Space), Name: text(o.Key.Name), Kind: text(o.Kind), Phase: text(o.Phase),
		IsRollback: o.Rollback, FromVersion: o.From, ToVersion: o.To,
		Deploy: encode(mapEach(o.Deploy, toText)), Remove: encode(mapEach(o.Remove, toText)),
		Scale: encode(mapEach(o.Scale, func(s purser.ScaleRequest) scaleBody {
			return scaleBody{DeploymentID: text(s.DeploymentID), Count: s.Count, Properties: s.Properties}
		})),
		Activation: encode(activationBodyOf(o.Activation)),
		Timeout:    int64(o.Timeout), Deadline: millis(o.Deadline), CancelRequested: millis(o.CancelRequested),
		RequestedBy: text(o.RequestedBy), FailureReason: text(o.FailureReason),
		Owner: text(o.Owner), LeaseUntil: millis(o.LeaseUntil),
		Outcome: text(o.Outcome), Message: text(o.Message), StartedAt: millis(o.StartedAt), FinishedAt: millis(o.FinishedAt),
	}
}

func activationBodyOf(a *purser.Activation) *activationBody {
	if a == nil {
		return nil
	}
	return &activationBody{Mode: string(a.Mode), Revert: string(a.Revert), Archive: a.Archive, Lenient: a.Lenient}
}

func (b *activationBody) activation() *purser.Activation {
	if b == nil {
		return nil
	}
	return &purser.Activation{Mode: purser.ActivationMode(b.Mode), Revert: purser.Stage(b.Revert), Archive: b.Archive, Lenient: b.Lenient}
}

func (row operationRow) operation() (purser.Operation, error) {
	var deploy, remove []text
	if err := decode("deploy", row.Deploy, &deploy); err != nil {
		return purser.Operation{}, err
	}
	if err := decode("remove", row.Remove, &remove); err != nil {
		return purser.Operation{}, err
	}
	var scale []scaleBody
	if err := decode("scale", row.Scale, &scale); err != nil {
		return purser.Operation{}, err
	}
	var activation *activationBody
	if err := decode("activation", row.Activation, &activation); err != nil {
		return purser.Operation{}, err
	}
	return purser.Operation{
		ID: row.ID, Key: purser.ReleaseKey{Space: string(row.Space), Name: string(row.Name)},
		Kind: purser.OperationKind(row.Kind), Phase: purser.Phase(row.Phase),
		Rollback: row.IsRollback, From: row.FromVersion, To: row.ToVersion,
		Deploy: mapEach(deploy, toString), Remove: mapEach(remove, toString),
		Scale: mapEach(scale, func(s scaleBody) purser.ScaleRequest {
			return purser.ScaleRequest{DeploymentID: string(s.DeploymentID), Count: s.Count, Properties: s.Properties}
		}),
		Activation: activation.activation(),
		Timeout:    time.Duration(row.Timeout), Deadline: instant(row.Deadline), CancelRequested: instant(row.CancelRequested),
		RequestedBy: string(row.RequestedBy), FailureReason: string(row.FailureReason),
		Owner: string(row.Owner), LeaseUntil: instant(row.LeaseUntil),
		Outcome: purser.Outcome(row.Outcome), Message: string(row.Message),
		StartedAt: instant(row.StartedAt), FinishedAt: instant(row.FinishedAt),
	}, nil
}

func operationsOf(rows []operationRow) ([]purser.Operation, error) {
	list := make([]purser.Operation, 0, len(rows))
	for _, row := range rows {
		o, err := row.operation()
		if err != nil {
			return nil, err
		}
		list = append(list, o)
	}
	return list, nil
}
