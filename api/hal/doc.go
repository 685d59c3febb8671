// Package hal writes JSON in the two forms of Skipper's wire: HAL documents, pretty-printed to the byte like the
// reference's, and compact JSON for everything else (spec/rest.md §1.2). It appends to one buffer and knows nothing of
// HTTP or of the domain: types that go over the wire implement Fields and say their members in order.
//
// Invariant: what is written depends on the calls alone, never on map order, time or locale; every string comes out as
// valid UTF-8 JSON text.
package hal
