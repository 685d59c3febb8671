package sqlite

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/uptrace/bun"

	"purser"
)

// packageBody is the stored form of a package without its own metadata, which stands in the release's row.
type packageBody struct {
	Templates    []templateBody   `json:"templates"`
	Dependencies []dependencyBody `json:"dependencies"`
	Values       *text            `json:"values"`
	Files        []fileBody       `json:"files"`
}

type templateBody struct {
	Name text `json:"name"`
	Text text `json:"text"`
}

type fileBody struct {
	Name  text   `json:"name"`
	Bytes []byte `json:"bytes"`
}

type dependencyBody struct {
	Metadata metadataBody `json:"metadata"`
	packageBody
}

func bodyOf(p purser.Package) packageBody {
	return packageBody{
		Templates: mapEach(p.Templates, func(t purser.Template) templateBody {
			return templateBody{Name: text(t.Name), Text: text(t.Text)}
		}),
		Dependencies: mapEach(p.Dependencies, func(d purser.Package) dependencyBody {
			return dependencyBody{Metadata: metadataBodyOf(d.Metadata), packageBody: bodyOf(d)}
		}),
		Values: optional[text](p.Values),
		Files:  mapEach(p.Files, func(f purser.File) fileBody { return fileBody{Name: text(f.Name), Bytes: f.Bytes} }),
	}
}

func (b packageBody) content() purser.Package {
	return purser.Package{
		Templates: mapEach(b.Templates, func(t templateBody) purser.Template {
			return purser.Template{Name: string(t.Name), Text: string(t.Text)}
		}),
		Dependencies: mapEach(b.Dependencies, func(d dependencyBody) purser.Package {
			p := d.packageBody.content()
			p.Metadata = d.Metadata.metadata()
			return p
		}),
		Values: optional[string](b.Values),
		Files:  mapEach(b.Files, func(f fileBody) purser.File { return purser.File{Name: string(f.Name), Bytes: f.Bytes} }),
	}
}

// mapEach turns each element into another, nil into nil.
func mapEach[From, To any](list []From, f func(From) To) []To {
	if list == nil {
		return nil
	}
	out := make([]To, len(list))
	for i, v := range list {
		out[i] = f(v)
	}
	return out
}

// createContents stores what is long of a new release version. The content of its package is stored once for all.
func createContents(ctx context.Context, c session, r purser.Release) error {
	body := encode(bodyOf(r.Package))
	sum := sha256.Sum256([]byte(body))
	hash := hex.EncodeToString(sum[:])
	if _, err := c.exec(ctx, "INSERT INTO package_contents (hash, body) VALUES (?, ?) ON CONFLICT DO NOTHING", hash, string(body)); err != nil {
		return err
	}
	c.store.decoded.contents.put(hash, int64(len(body)), r.Package)
	_, err := c.exec(ctx, "INSERT INTO release_contents (release_id, package_hash, override_values, manifest, change_log) VALUES (?, ?, ?, ?, ?)",
		r.ID, hash, r.Values, r.Manifest, r.ChangeLog)
	return err
}

// updateContents stores values and manifest if they are others than before.
func updateContents(ctx context.Context, c session, r purser.Release) error {
	_, err := c.exec(ctx, "UPDATE release_contents SET override_values = ?2, manifest = ?3 "+
		"WHERE release_id = ?1 AND (override_values IS NOT ?2 OR manifest IS NOT ?3)", r.ID, r.Values, r.Manifest)
	return err
}

// contentHash gives the hash of the package content of a release version, "" for an unknown id.
func contentHash(ctx context.Context, c session, releaseID int64) (hash string, err error) {
	err = c.query(ctx, "SELECT package_hash FROM release_contents WHERE release_id = ?", []any{releaseID}, func(rows *sql.Rows) error {
		return rows.Scan(&hash)
	})
	return hash, err
}

// deleteUnusedContent removes a package content that no release version has any more.
func deleteUnusedContent(ctx context.Context, c session, hash string) error {
	_, err := c.exec(ctx, "DELETE FROM package_contents WHERE hash = ?1 "+
		"AND NOT EXISTS (SELECT 1 FROM release_contents WHERE package_hash = ?1)", hash)
	return err
}

// findContents gives the package contents with those hashes, in at most one statement.
func findContents(ctx context.Context, c session, hashes []string) (map[string]purser.Package, error) {
	found := make(map[string]purser.Package, len(hashes))
	var missing []string
	for _, hash := range hashes {
		if _, ok := found[hash]; ok {
			continue
		}
		content, ok := c.store.decoded.contents.get(hash)
		if !ok {
			missing = append(missing, hash)
		}
		found[hash] = content
	}
	if len(missing) == 0 {
		return found, nil
	}
	var rows []struct {
		Hash string
		Body []byte
	}
	err := c.NewSelect().Table("package_contents").Column("hash", "body").Where("hash IN ?", bun.Tuple(missing)).Scan(ctx, &rows)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		if found[row.Hash], err = decodeContent(row.Hash, row.Body); err != nil {
			return nil, err
		}
		c.store.decoded.contents.put(row.Hash, int64(len(row.Body)), found[row.Hash])
	}
	return found, nil
}

// decodeContent reads the stored form of a package content.
func decodeContent(hash string, b []byte) (purser.Package, error) {
	var body packageBody
	if err := json.Unmarshal(b, &body); err != nil {
		return purser.Package{}, fmt.Errorf("package_contents %s: %w", hash, err)
	}
	return body.content(), nil
}
