package sqlite

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/uptrace/bun"
)

var _ bun.QueryHook = (*Store)(nil)

// BeforeQuery implements bun.QueryHook.
func (s *Store) BeforeQuery(ctx context.Context, _ *bun.QueryEvent) context.Context { return ctx }

// AfterQuery implements bun.QueryHook.
func (s *Store) AfterQuery(ctx context.Context, e *bun.QueryEvent) {
	switch e.Query {
	case "BEGIN", "COMMIT", "ROLLBACK":
		return
	}
	s.observe(ctx, e.Query, e.StartTime, e.Err)
}

// observe passes a statement on to those who listen.
func (s *Store) observe(ctx context.Context, statement string, start time.Time, err error) {
	logged := s.log.Enabled(ctx, slog.LevelDebug)
	if !logged && s.onStatement == nil {
		return
	}
	statement = withoutTexts(statement)
	if s.onStatement != nil {
		s.onStatement(ctx, statement)
	}
	if logged {
		s.log.DebugContext(ctx, "statement", "sql", statement, "took", time.Since(start), "error", err)
	}
}

// withoutTexts replaces the literals of a statement that are texts or bytes by '?': they may be secrets, or long.
func withoutTexts(statement string) string {
	var b strings.Builder
	for {
		i := strings.IndexByte(statement, '\'')
		if i < 0 {
			return b.String() + statement
		}
		b.WriteString(statement[:i])
		b.WriteString("'?'")
		statement = statement[i+1:]
		for { // a doubled quote is part of the text
			end := strings.IndexByte(statement, '\'')
			if end < 0 {
				return b.String()
			}
			statement = statement[end+1:]
			if !strings.HasPrefix(statement, "'") {
				break
			}
			statement = statement[1:]
		}
	}
}
