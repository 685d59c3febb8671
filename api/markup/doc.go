// Package markup turns foreign text into HTML for pages: values, templates, manifests and JSON with their parts marked,
// readmes with their headings and lists, and anything else with nothing but its characters.
//
// Invariant: of the text that comes in, no character becomes markup, hides, or turns the direction of what stands beside
// it; and what goes out is bounded, however long the text and its lines are.
package markup
