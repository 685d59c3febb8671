package memory

import (
	"slices"

	"purser"
)

// state is everything that is stored. Rows are pointers to values that never change.
type state struct {
	releases     table[purser.Release]
	packages     table[storedPackage]
	repositories table[purser.Repository]
	operations   table[purser.Operation]
	keys         table[purser.KeyRecord]
	checks       table[purser.Check]
	deliveries   table[purser.Delivery]
	events       []purser.Event // by id

	packageVersions table[purser.PackageVersion]
	artifacts       table[purser.Artifact]
}

type storedPackage struct {
	metadata purser.PackageMetadata
	archive  []byte
}

// clone copies the state for a writer. Tables copy their rows when the writer touches them first.
func (st *state) clone() *state {
	c := *st
	c.releases.shared, c.packages.shared, c.repositories.shared, c.operations.shared = true, true, true, true
	c.keys.shared, c.checks.shared, c.deliveries.shared = true, true, true
	c.packageVersions.shared, c.artifacts.shared = true, true
	return &c
}

// table holds rows in the order of their ids, which only grow.
type table[T any] struct {
	rows   []row[T]
	last   int64
	shared bool // rows belongs to a state that others see
}

type row[T any] struct {
	id    int64
	value *T
}

func (t *table[T]) own() {
	if t.shared {
		t.rows, t.shared = slices.Clone(t.rows), false
	}
}

func (t *table[T]) index(id int64) (int, bool) {
	return slices.BinarySearchFunc(t.rows, id, func(r row[T], id int64) int {
		switch {
		case r.id < id:
			return -1
		case r.id > id:
			return 1
		}
		return 0
	})
}

// find gives the row with that id, nil without one.
func (t *table[T]) find(id int64) *T {
	if i, ok := t.index(id); ok {
		return t.rows[i].value
	}
	return nil
}

// first gives the first row that fits, nil without one.
func (t *table[T]) first(fits func(*T) bool) *T {
	for _, r := range t.rows {
		if fits(r.value) {
			return r.value
		}
	}
	return nil
}

// all gives the rows that fit.
func (t *table[T]) all(fits func(*T) bool) []*T {
	var found []*T
	for _, r := range t.rows {
		if fits(r.value) {
			found = append(found, r.value)
		}
	}
	return found
}

// nextID gives the id that insert uses.
func (t *table[T]) nextID() int64 { return t.last + 1 }

// removeFirst removes the first row that fits.
func (t *table[T]) removeFirst(fits func(*T) bool) {
	for _, r := range t.rows {
		if fits(r.value) {
			t.remove(r.id)
			return
		}
	}
}

// replaceFirst puts a new value in the place of the first row that fits, and tells whether there was one.
func (t *table[T]) replaceFirst(fits func(*T) bool, change func(old T) T) bool {
	for _, r := range t.rows {
		if fits(r.value) {
			t.replace(r.id, change(*r.value))
			return true
		}
	}
	return false
}

func (t *table[T]) insert(value T) {
	t.own()
	t.last++
	t.rows = append(t.rows, row[T]{id: t.last, value: &value})
}

// replace puts a new value in the place of a row that is there.
func (t *table[T]) replace(id int64, value T) {
	t.own()
	i, _ := t.index(id)
	t.rows[i].value = &value
}

func (t *table[T]) remove(id int64) bool {
	i, ok := t.index(id)
	if !ok {
		return false
	}
	t.own()
	t.rows = slices.Delete(t.rows, i, i+1)
	return true
}

// page cuts a page out of a sorted list and gives copies of it with the total.
func page[T, V any](rows []*T, p purser.Page, value func(*T) V) ([]V, int) {
	var list []V
	for _, r := range cut(rows, p) {
		list = append(list, value(r))
	}
	return list, len(rows)
}

// cut cuts a page out of a sorted list.
func cut[T any](rows []*T, p purser.Page) []*T {
	rows = rows[min(max(p.Offset, 0), len(rows)):]
	if p.Limit > 0 {
		rows = rows[:min(p.Limit, len(rows))]
	}
	return rows
}
