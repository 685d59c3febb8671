package browse

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
)

// searchHistory is where the versions of a release are found. It finds those of all releases whose name holds the text.
const searchHistory = "/api/releases/search/findByNameIgnoreCaseContainingOrderByNameAscVersionDesc?name="

// maxVersions is how many versions of one release a page knows of: the newest.
const maxVersions = 200

// versionsOf lists the versions of a release, the newest first. The answer is read while it is made, so that it does not
// matter how many other releases the name is a part of.
func (v *visit) versionsOf(name exact) ([]wireRelease, error) {
	r, cancel, err := v.request(http.MethodGet, searchHistory+name.Query(), nil)
	if err != nil {
		return nil, err
	}
	defer cancel()
	reader, writer := io.Pipe()
	served := make(chan struct{})
	go func() {
		defer close(served)
		rec := &piped{recorder: recorder{header: http.Header{}, leave: cancel}, to: writer}
		_ = writer.CloseWithError(serve(v.next, rec, r)) // nil: the end
	}()
	found, err := readVersions(reader, name)
	_ = reader.Close() // whoever still writes is told
	cancel()
	<-served
	return found, err
}

// piped is a recorder whose answer is read while it is written.
type piped struct {
	recorder
	to *io.PipeWriter
}

// Write implements io.Writer.
func (p *piped) Write(part []byte) (int, error) {
	p.WriteHeader(http.StatusOK)
	if p.code != http.StatusOK {
		return len(part), nil // a refusal: no versions
	}
	return p.to.Write(part)
}

// readVersions reads the elements of the collection one by one.
func readVersions(from io.Reader, name exact) ([]wireRelease, error) {
	d := json.NewDecoder(from)
	for { // the list is the first array of the document
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		if token == json.Delim('[') {
			break
		}
	}
	var found []wireRelease
	for d.More() && len(found) < maxVersions {
		var text json.RawMessage
		if err := d.Decode(&text); err != nil {
			return nil, err
		}
		if !bytes.Contains(text[:min(len(text), 4096)], []byte(`"name"`)) {
			continue
		}
		var head struct{ Name exact }
		if err := json.Unmarshal(text, &head); err != nil {
			return nil, err
		}
		if head.Name != name {
			if len(found) > 0 {
				break // they are sorted by name
			}
			continue
		}
		var r wireRelease
		if err := json.Unmarshal(text, &r); err != nil {
			return nil, err
		}
		cleanAll(&r)
		found = append(found, r)
	}
	return found, nil
}
