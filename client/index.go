package client

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
)

// index remembers the documents whose links were read.
type index struct {
	mu        sync.Mutex
	documents map[place]document
}

// document is where a document is, and what it links to.
type document struct {
	at    *url.URL // without query
	own   *url.URL // what the server takes for the address of the API
	links links
}

func (x *index) get(p place) (document, bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	d, ok := x.documents[p]
	return d, ok
}

func (x *index) put(p place, d document) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.documents[p] = d
}

func (x *index) forget() {
	x.mu.Lock()
	defer x.mu.Unlock()
	clear(x.documents)
}

// locate gives the address of a place. remembered tells that it comes from documents that were read earlier.
func (c *Client) locate(ctx context.Context, p place, v vars) (at *url.URL, remembered bool, err error) {
	r := routes[p]
	d, remembered, err := c.document(ctx, r.from)
	if err != nil {
		return nil, false, err
	}
	if at, ok := c.follow(d, r, v); ok {
		return at, remembered, nil
	}
	if remembered { // the server may have got it meanwhile
		c.index.forget()
		return c.locate(ctx, p, v)
	}
	return nil, false, &UnsupportedError{Resource: string(p), Server: c.URL()}
}

// follow gives the address of a route, seen from its document.
func (c *Client) follow(d document, r route, v vars) (*url.URL, bool) {
	if r.below != "" {
		path, ok := choose([]string{r.below}, v)
		if !ok {
			return nil, false
		}
		at, err := url.Parse(strings.TrimRight(d.at.String(), "/") + path)
		return at, err == nil
	}
	href, ok := choose(d.links[r.rel], v)
	if !ok {
		return nil, false
	}
	to, err := d.own.Parse(href)
	if err != nil {
		return nil, false
	}
	return c.moved(d, to), true
}

// moved gives the address by which this client reaches what the server links to. A server behind a proxy that does not
// tell its own address links to another host or scheme, or leaves out a prefix: what it takes to be below its API is
// below the address by which this client found the API.
func (c *Client) moved(d document, to *url.URL) *url.URL {
	api, ok := c.index.get(placeAPI)
	if !ok || d.own.String() == api.at.String() {
		return to
	}
	rest, ok := strings.CutPrefix(to.String(), d.own.String())
	if !ok || rest != "" && !strings.ContainsAny(rest[:1], "/?#") {
		return to
	}
	if moved, err := url.Parse(api.at.String() + rest); err == nil {
		return moved
	}
	return to
}

// document gives a document with links, from memory if it was read already.
func (c *Client) document(ctx context.Context, p place) (d document, remembered bool, err error) {
	if d, ok := c.index.get(p); ok {
		return d, true, nil
	}
	at, method := c.base, http.MethodGet
	if p != placeAPI {
		if at, _, err = c.locate(ctx, p, nil); err != nil {
			return document{}, false, err
		}
	}
	if collections[p] {
		method = http.MethodHead
	}
	a, err := c.send(ctx, request{method: method, at: at, accept: acceptHAL})
	if err != nil {
		return document{}, false, err
	}
	if d, err = c.read(p, a); err != nil {
		return document{}, false, err
	}
	c.index.put(p, d)
	return d, false, nil
}

// read makes a document of an answer.
func (c *Client) read(p place, a answer) (document, error) {
	var body struct {
		Links links `json:"_links"`
	}
	if len(a.body) > 0 {
		if err := a.decode(&body); err != nil {
			return document{}, err
		}
	}
	d := document{at: bare(a.url), links: links{}}
	maps.Copy(d.links, body.Links)
	d.links.addHeader(a.header)
	if p != placeAPI {
		api, _ := c.index.get(placeAPI)
		d.own = api.own
		return d, nil
	}
	d.own = d.at
	if about, ok := choose(d.links[routes[placeAbout].rel], nil); ok {
		if to, err := d.at.Parse(about); err == nil {
			if root, ok := strings.CutSuffix(to.String(), "/about"); ok {
				d.own, _ = url.Parse(root)
			}
		}
	}
	if len(d.links) == 0 {
		return document{}, &DecodeError{Method: a.method, URL: a.url.String(), ContentType: a.header.Get("Content-Type"), Err: errNoAPI}
	}
	return d, nil
}

// bare gives an address without its query.
func bare(at *url.URL) *url.URL {
	out := *at
	out.RawQuery, out.Fragment = "", ""
	out.Path, out.RawPath = strings.TrimRight(out.Path, "/"), strings.TrimRight(out.RawPath, "/")
	return &out
}

var _ json.Unmarshaler = (*links)(nil)
