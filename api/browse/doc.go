// Package browse shows the API to people: whoever comes with a browser gets a page for each resource, with forms for what
// can be done there. The data of a page come from the API itself, by a request inside of the server that carries the headers
// of the browser's own, so that pages show and do what the API would, for whoever asks, and no more.
//
// Invariant: an answer to a client that is no browser is not touched; and nothing changes but by a form that this server has
// given out to the browser that sends it.
package browse
