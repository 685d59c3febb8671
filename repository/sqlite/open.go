package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/sqlitedialect"

	"purser/repository"
)

// Defaults of Options.
const (
	DefaultReaders    = 4
	DefaultCacheBytes = 8 << 20
)

// Options says where the store is and how it works.
type Options struct {
	// Path of the file. It is made when it is not there; its folder must be there.
	Path string
	// Log takes the statements, at debug level and without the texts in them. nil: nobody listens.
	Log *slog.Logger
	// Synchronous is SQLite's setting for the writer: FULL (also when empty), NORMAL, EXTRA or OFF. With less than FULL
	// a power cut may undo what was committed last.
	Synchronous string
	// Readers is how many connections may read at once; 0 for DefaultReaders.
	Readers int
	// CacheBytes bounds the package contents that are kept ready, by their size in the store, and what else is kept
	// decoded, which may take half as much; 0 for DefaultCacheBytes, less for none.
	CacheBytes int64
	// KeepEvents is how many of the last events the log keeps, a few more at times; 0 for repository.DefaultKeepEvents.
	KeepEvents int
	// OnStatement is called for each statement but BEGIN, COMMIT and ROLLBACK, with its SQL, the texts in it replaced by
	// '?'. It is for tests that count.
	OnStatement func(ctx context.Context, statement string)
}

var synchronousSettings = []string{"FULL", "NORMAL", "EXTRA", "OFF"}

func (o Options) withDefaults() (Options, error) {
	if o.Path == "" {
		return o, fmt.Errorf("the store has no path")
	}
	file, err := filepath.Abs(o.Path)
	if err != nil {
		return o, fmt.Errorf("the store's path: %w", err)
	}
	o.Path = file
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Synchronous == "" {
		o.Synchronous = "FULL"
	}
	o.Synchronous = strings.ToUpper(o.Synchronous)
	if !slices.Contains(synchronousSettings, o.Synchronous) {
		return o, fmt.Errorf("the store cannot be synchronous %q: it must be one of %s", o.Synchronous, strings.Join(synchronousSettings, ", "))
	}
	if o.Readers <= 0 {
		o.Readers = DefaultReaders
	}
	if o.KeepEvents <= 0 {
		o.KeepEvents = repository.DefaultKeepEvents
	}
	if o.CacheBytes == 0 {
		o.CacheBytes = DefaultCacheBytes
	}
	return o, nil
}

// Open opens the store, makes its file when there is none, and brings an older one up to date. A file that is not a
// store, is damaged or was written by a newer version is refused with ErrForeign, ErrCorrupt or ErrNewer and left as it
// is. The caller closes the store.
func Open(ctx context.Context, o Options) (*Store, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	current, err := inspect(ctx, o.Path)
	if err != nil {
		return nil, fmt.Errorf("store %s: %w", o.Path, err)
	}
	if !current {
		err = prepare(ctx, o)
	}
	var s *Store
	if err == nil {
		s, err = open(ctx, o)
	}
	if err != nil {
		return nil, fmt.Errorf("store %s: %w", o.Path, err)
	}
	return s, nil
}

// prepare makes the file when there is none, and the schema. It does so on a connection that flushes at its end only:
// until then the file is as it was, and a crash leaves something that the next start takes up.
func prepare(ctx context.Context, o Options) error {
	if err := createFile(o.Path); err != nil {
		return err
	}
	s := newStore(o, "NORMAL")
	if err := s.connect(ctx); err != nil {
		return errors.Join(err, s.Close())
	}
	return errors.Join(migrateSchema(ctx, s.writer), s.Close())
}

// createFile makes an empty file that nobody else may read, as releases can hold secrets.
func createFile(file string) error {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return reason(err)
	}
	return f.Close()
}

func open(ctx context.Context, o Options) (*Store, error) {
	s := newStore(o, o.Synchronous)
	if err := s.connect(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func newStore(o Options, synchronous string) *Store {
	writer := connect(o.Path, writerParameters(synchronous))
	writer.SetMaxOpenConns(1)
	reader := connect(o.Path, readerParameters())
	reader.SetMaxOpenConns(o.Readers)
	reader.SetMaxIdleConns(o.Readers)

	s := &Store{
		log: o.Log, onStatement: o.OnStatement, decoded: newDecoded(o.CacheBytes),
		scans: make(chan struct{}, max(1, o.Readers-1)), scanHold: scanHold, keepEvents: o.KeepEvents,
	}
	s.writer = bun.NewDB(writer, sqlitedialect.New()).WithQueryHook(s)
	s.reader = bun.NewDB(reader, sqlitedialect.New()).WithQueryHook(s)
	return s
}

// connect makes the writer's connection. Processes that start on a new file at once may find it locked for a moment, in
// a way that the busy timeout does not cover.
func (s *Store) connect(ctx context.Context) error {
	err := s.writer.PingContext(ctx)
	for attempt := 0; isLocked(err) && attempt < 100; attempt++ {
		if err = pause(ctx); err == nil {
			err = s.writer.PingContext(ctx)
		}
	}
	return err
}

// pause waits a moment, or until ctx ends.
func pause(ctx context.Context) error {
	timer := time.NewTimer(20 * time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
