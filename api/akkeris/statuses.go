package akkeris

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"purser"
)

// statusAnswer is a status of a release on the wire.
type statusAnswer struct {
	ID          string            `json:"id"`
	State       purser.CheckState `json:"state"`
	Name        string            `json:"name"`
	Context     string            `json:"context"`
	Description string            `json:"description"`
	TargetURL   string            `json:"target_url"`
	ImageURL    string            `json:"image_url"`
	CreatedAt   moment            `json:"created_at"`
	UpdatedAt   moment            `json:"updated_at"`
}

// statusWithRelease is a status that does not stand in the list of its release.
type statusWithRelease struct {
	statusAnswer
	Release releaseAnswer `json:"release"`
}

// statusesAnswer is all statuses of a release.
type statusesAnswer struct {
	State    purser.CheckState `json:"state"`
	Release  releaseAnswer     `json:"release"`
	Statuses []statusAnswer    `json:"statuses"`
}

func answerOfCheck(c purser.Check) statusAnswer {
	return statusAnswer{
		ID: c.UUID, State: c.State, Name: c.Name, Context: c.Context, Description: c.Description,
		TargetURL: c.TargetURL, ImageURL: c.ImageURL, CreatedAt: moment(c.CreatedAt), UpdatedAt: moment(c.UpdatedAt),
	}
}

func (h *Handler) listStatuses(v *visit) error {
	r, err := h.releaseOf(v)
	if err != nil {
		return err
	}
	answer, checks, err := h.answerOf(v.ctx(), v.app, r)
	if err != nil {
		return err
	}
	list := []statusAnswer{}
	for _, c := range checks {
		list = append(list, answerOfCheck(c))
	}
	return reply(v, http.StatusOK, statusesAnswer{State: answer.State, Release: answer, Statuses: list})
}

func (h *Handler) readStatus(v *visit) error {
	r, err := h.releaseOf(v)
	if err != nil {
		return err
	}
	shown := chi.URLParam(v.r, "status")
	id, err := mustUUID(shown)
	if err != nil {
		return err
	}
	checks, err := h.Store.FindChecks(v.ctx(), r.UUID)
	if err != nil {
		return err
	}
	for _, c := range checks {
		if c.UUID == id {
			return h.replyStatus(v, http.StatusOK, r, c)
		}
	}
	return refuse(http.StatusNotFound, textNoStatus, shown)
}

// replyStatus answers with a status and its release, which may have changed with it.
func (h *Handler) replyStatus(v *visit, status int, r purser.Release, c purser.Check) error {
	answer, _, err := h.answerOf(v.ctx(), v.app, r)
	if err != nil {
		return err
	}
	return reply(v, status, statusWithRelease{answerOfCheck(c), answer})
}

func (h *Handler) createStatus(v *visit) error {
	r, err := h.releaseOf(v)
	if err != nil {
		return err
	}
	body, err := readFields(v)
	if err != nil {
		return err
	}
	request, err := checkRequest(r, body)
	if err != nil {
		return err
	}
	contextName, err := body.strict("context")
	if err != nil {
		return err
	}
	if contextName != nil {
		request.Context = *contextName
	}
	c, err := h.Engine.CreateCheck(v.ctx(), request)
	switch purser.ErrorCode(err) {
	case "":
		return h.replyStatus(v, http.StatusCreated, r, c)
	case purser.CodeConflict:
		return refuse(http.StatusUnprocessableEntity, textSameContext, r.UUID, request.Context)
	}
	return err
}

func (h *Handler) updateStatus(v *visit) error {
	r, err := h.releaseOf(v)
	if err != nil {
		return err
	}
	shown := chi.URLParam(v.r, "status")
	id, err := mustUUID(shown)
	if err != nil {
		return err
	}
	body, err := readFields(v)
	if err != nil {
		return err
	}
	if _, named := body["context"]; named {
		return refuse(http.StatusUnprocessableEntity, textKeptContext)
	}
	request, err := checkRequest(r, body)
	if err != nil {
		return err
	}
	if request.UUID = id; request.State == nil {
		request.State = new(purser.CheckState) // it must be said, and none is refused as a wrong one is
	}
	c, err := h.Engine.UpdateCheck(v.ctx(), request)
	switch purser.ErrorCode(err) {
	case "":
		return h.replyStatus(v, http.StatusOK, r, c)
	case purser.CodeNotFound: // 422, as the contract has it (spec/dialects.md §4.2)
		return refuse(http.StatusUnprocessableEntity, textNoStatus, shown)
	}
	return err
}

// checkRequest reads what both a new status and a change may say.
func checkRequest(r purser.Release, body fields) (purser.CheckRequest, error) {
	request := purser.CheckRequest{Release: r.UUID}
	for _, field := range []struct {
		name string
		to   **string
	}{
		{"name", &request.Name},
		{"description", &request.Description},
		{"target_url", &request.TargetURL},
		{"image_url", &request.ImageURL},
	} {
		text, err := body.strict(field.name)
		if err != nil {
			return request, err
		}
		*field.to = text
	}
	state, err := body.strict("state")
	if state != nil {
		s := purser.CheckState(*state)
		request.State = &s
	}
	return request, err
}
