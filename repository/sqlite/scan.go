package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"purser"
	"purser/repository"
)

// What scans may hold. Reading runs ahead of whoever visits by a few versions. When it has waited for him for scanHold, and
// as long again for each scanPace versions that he took, it ends, and a new one goes on from there: a slow caller keeps
// neither a connection to himself, nor what is in the write-ahead log from being moved into the file. All scans together
// leave one connection to others.
const (
	scanAhead = 8
	scanHold  = 2 * time.Second
	scanPace  = 1000
)

var _ purser.ReleaseScanner = (*Store)(nil)

// ScanReleases implements purser.ReleaseScanner. It takes two statements: one for the ids, which are kept, and one for the
// versions; each time that the caller is slow, one more. As long as he is not, the list is of one moment.
func (s *Store) ScanReleases(ctx context.Context, filter purser.ReleaseFilter, visit func(r purser.Release) error) error {
	reading, stop := context.WithCancel(ctx)
	found, ended := make(chan purser.Release, scanAhead), make(chan error, 1)
	go func() {
		defer close(found)
		ended <- s.readAhead(reading, filter, found)
	}()
	defer func() { // whatever visit did, nobody reads any more when this returns
		stop()
		for range found {
		}
	}()
	for r := range found {
		if err := visit(r); err != nil {
			return err
		}
	}
	return <-ended
}

// readAhead sends the versions that fit.
func (s *Store) readAhead(ctx context.Context, filter purser.ReleaseFilter, out chan<- purser.Release) error {
	scan := &releaseScan{light: filter.Light, out: out, hold: s.scanHold}
	err := s.readForScan(ctx, func(c session) (err error) {
		if scan.ids, err = findReleaseIDs(ctx, c, filter); err == nil {
			err = scan.run(ctx, c)
		}
		return err
	})
	for err == nil && scan.late != nil {
		if err = scan.wait(ctx); err == nil && len(scan.ids) > 0 {
			err = s.readForScan(ctx, func(c session) error { return scan.run(ctx, c) })
		}
	}
	return err
}

// readForScan is read for one of not too many scans at a time.
func (s *Store) readForScan(ctx context.Context, f func(c session) error) error {
	select {
	case s.scans <- struct{}{}:
	case <-ctx.Done():
		return fault(ctx, "read releases", ctx.Err())
	}
	defer func() { <-s.scans }()
	return s.read(ctx, f)
}

func findReleaseIDs(ctx context.Context, c session, filter purser.ReleaseFilter) (ids []int64, err error) {
	if fitsNothing(filter) {
		return nil, nil
	}
	q := narrowing(c, filter)(c.NewSelect().Model((*releaseRow)(nil))).ColumnExpr("r.id")
	if err := sorted(q, "r", releaseOrders, filter.Order, filter.Page).Scan(ctx, &ids); err != nil {
		return nil, fault(ctx, "find releases", err)
	}
	return ids, nil
}

// releaseScan is how far a scan has come.
type releaseScan struct {
	light bool
	out   chan<- purser.Release
	hold  time.Duration
	ids   []int64         // of what is still to be read, in order
	late  *purser.Release // read, but not taken in time
	sent  int             // in this reading
	spent time.Duration   // waiting, in this reading

	row     releaseRow   // the one that is read
	body    sql.RawBytes // the content of its package; in the driver's memory, until the next row
	columns []any        // where to read row and body into
	hash    string       // of the package content that was decoded last: neighbours mostly have the same
	content purser.Package
}

var errLate = errors.New("nobody takes the next version")

// run sends versions until all are sent or one is late.
func (s *releaseScan) run(ctx context.Context, c session) error {
	if len(s.ids) == 0 {
		return nil
	}
	s.sent, s.spent = 0, 0
	ids, err := json.Marshal(s.ids)
	if err != nil {
		return fault(ctx, "read releases", err)
	}
	query := scanQuery
	if s.light {
		query, s.columns = scanLightQuery, s.row.columns()
	} else {
		s.columns = s.row.columns(&s.row.OverrideValues, (*string)(&s.row.Manifest), &s.row.ChangeLog, (*string)(&s.row.PackageHash), &s.body)
	}
	err = c.query(ctx, query, []any{string(ids)}, func(rows *sql.Rows) error { return s.read(ctx, c, rows) })
	switch {
	case errors.Is(err, errLate):
		return nil
	case err != nil:
		return fault(ctx, "read releases", err)
	}
	s.ids = nil // what has no row any more was removed meanwhile
	return nil
}

// The order of the ids is the order of the rows: SQLite never reorders the sides of a cross join.
const (
	scanLightQuery = "SELECT " + releaseColumns + " FROM json_each(?) AS wanted CROSS JOIN releases AS r ON r.id = wanted.value"
	scanQuery      = "SELECT " + releaseColumns + ", c.override_values, c.manifest, c.change_log, c.package_hash, p.body FROM json_each(?) AS wanted " +
		"CROSS JOIN releases AS r ON r.id = wanted.value " +
		"CROSS JOIN release_contents AS c ON c.release_id = r.id CROSS JOIN package_contents AS p ON p.hash = c.package_hash"
)

// read reads one version and sends it.
func (s *releaseScan) read(ctx context.Context, c session, rows *sql.Rows) error {
	if err := rows.Scan(s.columns...); err != nil {
		return err
	}
	for len(s.ids) > 0 && s.ids[0] != s.row.ID {
		s.ids = s.ids[1:]
	}
	if len(s.ids) == 0 {
		return fmt.Errorf("release %d comes out of order", s.row.ID)
	}
	s.ids = s.ids[1:]
	var content purser.Package
	var err error
	if !s.light {
		if content, err = s.contentOf(c, string(s.row.PackageHash), s.body); err != nil {
			return err
		}
	}
	r, err := c.store.decoded.release(&s.row, content)
	if err != nil {
		return err
	}
	return s.send(ctx, r)
}

func (s *releaseScan) contentOf(c session, hash string, body []byte) (purser.Package, error) {
	if s.hash != hash {
		content, ok := c.store.decoded.contents.get(hash)
		if !ok {
			var err error
			if content, err = decodeContent(hash, body); err != nil {
				return purser.Package{}, err
			}
			c.store.decoded.contents.put(hash, int64(len(body)), content)
		}
		s.hash, s.content = hash, content
	}
	return repository.ClonePackage(s.content), nil
}

// send hands a version over. When nobody takes it in time it is late, and reading has to end.
func (s *releaseScan) send(ctx context.Context, r purser.Release) error {
	s.sent++
	select {
	case s.out <- r:
		return nil
	default:
	}
	begun := time.Now()
	timer := time.NewTimer(s.hold + s.hold*time.Duration(s.sent)/scanPace - s.spent)
	defer timer.Stop()
	select {
	case s.out <- r:
		s.spent += time.Since(begun)
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		late := r
		s.late = &late
		return errLate
	}
}

// wait hands the late version over, however long that takes.
func (s *releaseScan) wait(ctx context.Context) error {
	select {
	case s.out <- *s.late:
		s.late = nil
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
