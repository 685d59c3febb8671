// Package client is a Go client of Skipper's HAL API and of what Purser has beyond it. It speaks to Purser and to Spring
// Cloud Skipper 2.11 alike; what only Purser has gives an UnsupportedError elsewhere. It knows one address, that of the
// API, and finds everything else by the links that the server gives.
//
// Invariant: a request that the server may have received is sent again only if it is a GET.
package client
