// Package templates turns packages and values into manifests, and manifests into applications: YAML 1.1 values are laid
// over each other, made into a model, put into Mustache templates, and the result is read again and written in one fixed
// form. It answers like the reference (spec/packages.md §2-5, §7), faults aside that docs/differences.md lists.
//
// Invariant: nothing here does I/O, and the same question gives the same bytes, always.
package templates
