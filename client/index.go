package client

import (
	"context"
	"errors"
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
	api   *url.URL // the address by which this client found the API
	own   *url.URL // what the server takes for that address
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

// locate gives the address of a place. remembered tells that it comes from documents that were read earlier. Where these
// lead nowhere they are read again: the server may be another by now.
func (c *Client) locate(ctx context.Context, p place, v vars) (at *url.URL, remembered bool, err error) {
	at, remembered, err = c.lookUp(ctx, p, v)
	if remembered && (is[*UnsupportedError](err) || gone(err)) {
		c.index.forget()
		return c.lookUp(ctx, p, v)
	}
	return at, remembered, err
}

func (c *Client) lookUp(ctx context.Context, p place, v vars) (at *url.URL, remembered bool, err error) {
	r := routes[p]
	d, remembered, err := c.document(ctx, r.from)
	if err == nil {
		at, err = d.follow(r, v)
	}
	if errors.Is(err, errNoLink) {
		err = &UnsupportedError{Resource: string(p), Server: c.URL()}
	}
	return at, remembered, err
}

// document gives a document with links. remembered tells that it, or one on the way to it, was read earlier.
func (c *Client) document(ctx context.Context, p place) (d document, remembered bool, err error) {
	if d, ok := c.index.get(p); ok {
		return d, true, nil
	}
	var from document
	r := request{method: http.MethodGet, at: c.base, accept: acceptHAL}
	if p != placeAPI {
		if from, remembered, err = c.document(ctx, routes[p].from); err != nil {
			return document{}, remembered, err
		}
		if r.at, err = from.follow(routes[p], nil); err != nil {
			return document{}, remembered, err
		}
	}
	if collections[p] {
		r.method = http.MethodHead
	}
	a, err := c.send(ctx, r)
	if r.method == http.MethodHead && (err == nil && a.header.Get("Link") == "" || noHead(err)) {
		r.method = http.MethodGet
		a, err = c.send(ctx, r)
	}
	if err != nil {
		return document{}, remembered, err
	}
	if d, err = from.child(a); err != nil {
		return document{}, remembered, err
	}
	c.index.put(p, d)
	return d, remembered, nil
}

// noHead tells whether something on the way does not let a HEAD pass.
func noHead(err error) bool {
	e, ok := errors.AsType[*HTTPError](err)
	return ok && (e.Status == http.StatusMethodNotAllowed || e.Status == http.StatusNotImplemented || e.Status == http.StatusForbidden)
}

// child makes a document of an answer that was found from this one; the zero document has the API for a child.
func (d document) child(a answer) (document, error) {
	var body struct {
		Links links `json:"_links"`
	}
	if len(a.body) > 0 {
		if err := a.decode(&body); err != nil {
			return document{}, err
		}
	}
	found := document{at: bare(a.url), api: d.api, own: d.own, links: links{}}
	maps.Copy(found.links, body.Links)
	found.links.addHeader(a.header)
	if d.api != nil {
		return found, nil
	}
	if len(found.links) == 0 {
		return document{}, a.unreadable(errNoAPI)
	}
	found.api, found.own = found.at, found.at
	if about, err := found.follow(routes[placeAbout], nil); err == nil && found.mostAreBelow(parent(about)) {
		found.own = parent(about)
	}
	return found, nil
}

// follow gives the address of a route, seen from its document.
func (d document) follow(r route, v vars) (*url.URL, error) {
	if r.below != "" {
		path, err := choose([]string{r.below}, v)
		if err != nil {
			return nil, err
		}
		return url.Parse(d.at.String() + path)
	}
	href, err := choose(d.links[r.rel], v)
	if err != nil {
		return nil, err
	}
	to, err := d.own.Parse(href)
	if err != nil {
		return nil, err
	}
	return d.moved(to), nil
}

// mostAreBelow tells whether an address is where the server takes its API to be: most links lead below it.
func (d document) mostAreBelow(at *url.URL) bool {
	all, below := 0, 0
	for _, list := range d.links {
		for _, href := range list {
			all++
			if strings.HasPrefix(href, at.String()+"/") {
				below++
			}
		}
	}
	return 2*below > all
}

// moved gives the address by which this client reaches what the server links to. A server behind a proxy that does not
// tell its own address links to another host or scheme, or leaves out a prefix: what it takes to be below its API is
// below the address by which this client found the API.
func (d document) moved(to *url.URL) *url.URL {
	rest, ok := strings.CutPrefix(to.String(), d.own.String())
	if !ok || rest != "" && !strings.ContainsAny(rest[:1], "/?#") {
		return to
	}
	moved, err := url.Parse(d.api.String() + rest)
	if err != nil {
		return to
	}
	return moved
}

// parent gives an address without the last part of its path.
func parent(at *url.URL) *url.URL {
	out := bare(at)
	out.Path = out.Path[:max(0, strings.LastIndexByte(out.Path, '/'))]
	out.RawPath = ""
	return out
}

// bare gives an address without its query.
func bare(at *url.URL) *url.URL {
	out := *at
	out.RawQuery, out.Fragment = "", ""
	out.Path, out.RawPath = strings.TrimRight(out.Path, "/"), strings.TrimRight(out.RawPath, "/")
	return &out
}
