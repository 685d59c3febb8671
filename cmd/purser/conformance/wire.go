package conformance

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// request is one as it goes over the wire: a usual client would clean the path and add headers.
type request struct {
	method, target string
	headers        map[string]string
	body           []byte // nil: none
}

// answer is one as it came over the wire.
type answer struct {
	status int
	header http.Header
	text   string
	json   any // nil when the text is none
}

// send sends a request over a connection of its own. Redirects are answers like any other.
func send(ctx context.Context, base string, q request) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, 150*time.Second)
	defer cancel()
	host := strings.TrimPrefix(base, "http://")
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", host)
	if err != nil {
		return answer{}, err
	}
	defer conn.Close()
	if deadline, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(deadline); err != nil {
			return answer{}, err
		}
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "%s %s HTTP/1.1\r\nConnection: close\r\n", q.method, q.target)
	if _, given := q.headers["Host"]; !given {
		fmt.Fprintf(&out, "Host: %s\r\n", host)
	}
	for name, value := range q.headers {
		fmt.Fprintf(&out, "%s: %s\r\n", name, value)
	}
	if q.body != nil {
		fmt.Fprintf(&out, "Content-Length: %d\r\n", len(q.body))
	}
	out.WriteString("\r\n")
	out.Write(q.body)
	if _, err := conn.Write(out.Bytes()); err != nil {
		return answer{}, err
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: q.method})
	if err != nil {
		return answer{}, fmt.Errorf("%s %s: %w", q.method, q.target, err)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		return answer{}, err
	}
	return answer{status: response.StatusCode, header: response.Header, text: strings.ToValidUTF8(string(raw), "\ufffd"), json: parse(string(raw))}, nil
}

// parse reads a text as one JSON document; nil when it is none.
func parse(text string) any {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil {
		return nil
	}
	if _, err := d.Token(); err != io.EOF {
		return nil
	}
	return value
}
