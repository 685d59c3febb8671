// Package data serves the stored resources of Skipper's dialect as Spring Data REST does: repositories, deployers,
// releases and package metadata, each with its collection, items, searches and profile (spec/rest.md §2.21-2.26). One
// table (resources.go) describes the four; routes, links, Allow headers, profiles and schemas are made from it.
//
// Invariant: a GET changes nothing and asks the store once at most, whatever it lists.
package data
