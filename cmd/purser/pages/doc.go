// Package pages holds the tests of the pages in a real browser, against the built server: the whole story of a release with
// and without JavaScript, hostile input, forged forms, accessibility, and the pictures of the documentation.
//
// Invariant: what is tested is what a person sees and does; nothing of the server is called but by its pages and, to prepare,
// by its API.
package pages
