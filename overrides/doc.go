// Package overrides sets single values in a YAML map by their paths, as `helm --set` does: a.b=1, list[2]=x, c={x,y}. The
// shell and the ApplicationService share it.
//
// Invariant: what no assignment names keeps the text that it had, so that whoever reads the YAML next finds it unchanged.
package overrides
