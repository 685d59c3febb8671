package templates_test

import (
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"purser"
	"purser/templates"
)

// recording is what the reference answered in one conversation (testdata/recorded).
type recording struct {
	Packages map[string]map[string]string // path -> text
	Cases    []recordedCase
}

// recordedCase is one answer: to an install, to the merging of values, or to the comparison before an upgrade.
type recordedCase struct {
	Step    int
	Name    string
	Package string
	Values  *string
	Counts  map[string]int

	Manifest  [][]string // per document its lines, each behind the keys it stands under, sorted
	Exception string
	Message   string // "*": the reference does not name the cause

	MergeBase, MergeOver, Merged *string

	Existing       string
	ExistingValues *string
	Changed        []string
	Force          bool

	Better string // why the answer here is another one
}

// answer is what is said here where the reference does not name the cause, or is not followed on purpose.
type answer struct {
	Message  string     `json:"message,omitempty"`
	Manifest [][]string `json:"manifest,omitempty"`
}

var update = flag.Bool("update", false, "write the golden files anew")

const oursFile = "testdata/ours.golden.json"

func TestRecorded(t *testing.T) {
	files, err := filepath.Glob("testdata/recorded/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no recordings", err)
	}
	r := templates.New()
	ours := mustReadOurs(t)
	for _, file := range files {
		scenario := strings.TrimSuffix(filepath.Base(file), ".json")
		t.Run(scenario, func(t *testing.T) {
			rec := mustRead(t, file)
			same, better := 0, 0
			for _, c := range rec.Cases {
				t.Run(c.Name, func(t *testing.T) {
					c.check(t, r, rec, ours, scenario+": "+c.Name)
					if t.Failed() {
						t.Logf("step %d", c.Step)
						return
					}
					if c.Better != "" {
						better++
					} else {
						same++
					}
				})
			}
			t.Logf("%d of %d as recorded, %d better on purpose", same, len(rec.Cases), better)
		})
	}
	if *update {
		b, err := json.MarshalIndent(ours, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(oursFile, append(b, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func mustReadOurs(tb testing.TB) map[string]answer {
	tb.Helper()
	ours := map[string]answer{}
	if *update {
		return ours
	}
	b, err := os.ReadFile(oursFile)
	if err != nil {
		tb.Fatal(err)
	}
	if err := json.Unmarshal(b, &ours); err != nil {
		tb.Fatal(err)
	}
	return ours
}

func mustRead(tb testing.TB, file string) recording {
	tb.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	var rec recording
	if err := json.Unmarshal(b, &rec); err != nil {
		tb.Fatal(err)
	}
	return rec
}

func (c recordedCase) check(t *testing.T, r *templates.Renderer, rec recording, ours map[string]answer, key string) {
	switch {
	case c.Existing != "":
		c.checkDifference(t, r, rec)
	case c.Package == "":
		c.checkMerge(t, r)
	default:
		c.checkInstall(t, r, rec, ours, key)
	}
}

func (c recordedCase) checkInstall(t *testing.T, r *templates.Renderer, rec recording, ours map[string]answer, key string) {
	manifest, err := r.Render(purser.RenderRequest{Package: mustPackage(t, rec, c.Package), Values: c.Values, Counts: c.Counts})
	if err == nil {
		_, err = r.Applications(manifest)
	}
	got := answer{}
	if err != nil {
		got.Message = purser.ErrorMessage(err)
		if code := purser.ErrorCode(err); code != purser.CodeInvalid {
			t.Errorf("the code is %s (%v)", code, err)
		}
	} else {
		got.Manifest = normalised(manifest)
	}
	want := answer{c.Message, c.Manifest}
	if c.Better != "" || c.Message == "*" {
		if *update {
			ours[key] = got
		}
		want = ours[key]
		if c.Message == "*" && c.Better == "" && got.Message == "" {
			t.Error("not refused")
		}
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s\n%s", diff, manifest)
	}
}

func (c recordedCase) checkConflict(t *testing.T, err error) {
	t.Helper()
	if purser.ErrorCode(err) != purser.CodeConflict || purser.ErrorMessage(err) != c.Message {
		t.Errorf("got  %v\nwant %s", err, c.Message)
	}
}

func (c recordedCase) checkMerge(t *testing.T, r *templates.Renderer) {
	got, err := r.MergeValues(c.MergeBase, c.MergeOver)
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(c.Merged, got); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
}

func (c recordedCase) checkDifference(t *testing.T, r *templates.Renderer, rec recording) {
	values := c.Values
	if c.MergeBase != nil {
		merged, err := r.MergeValues(c.MergeBase, c.Values)
		if err != nil {
			t.Fatal(err)
		}
		values = merged
	}
	release := func(name string, values *string) purser.Release {
		p := mustPackage(t, rec, name)
		m, err := r.Render(purser.RenderRequest{Package: p, Values: values})
		if err != nil {
			t.Fatal(err)
		}
		return purser.Release{Package: p, Manifest: m}
	}
	d, err := r.Compare(release(c.Existing, c.ExistingValues), release(c.Package, values))
	switch {
	case c.Exception == "ReleaseUpgradeException":
		if err != nil || !d.Empty() {
			t.Errorf("a difference: %+v, %v", d, err)
		}
	case c.Exception != "":
		c.checkConflict(t, err)
	case err != nil:
		t.Error(err)
	case !c.Force:
		var changed []string
		for _, a := range d.Apps {
			changed = append(changed, a.Name)
		}
		if diff := gocmp.Diff(c.Changed, changed); diff != "" {
			t.Errorf("changed applications (-want +got):\n%s", diff)
		}
	}
}

// mustPackage makes a package of the files of an archive.
func mustPackage(tb testing.TB, rec recording, name string) purser.Package {
	tb.Helper()
	files, ok := rec.Packages[name]
	if !ok {
		tb.Fatalf("no package %s", name)
	}
	return packageOf(files, "")
}

func packageOf(files map[string]string, folder string) purser.Package {
	var p purser.Package
	children := map[string]bool{}
	for _, path := range slices.Sorted(maps.Keys(files)) {
		text := files[path]
		rest, ok := strings.CutPrefix(path, folder)
		if !ok {
			continue
		}
		parts := strings.Split(rest, "/")
		switch base := parts[len(parts)-1]; {
		case rest == "package.yml":
			for line := range strings.Lines(text) {
				if n, ok := strings.CutPrefix(line, "name: "); ok {
					p.Metadata.Name = strings.TrimSpace(n)
				}
			}
		case strings.EqualFold(rest, "values.yml"), strings.EqualFold(rest, "values.yaml"):
			p.Values = &text
		case len(parts) == 2 && parts[0] == "templates" && !strings.HasPrefix(base, ".") &&
			(strings.HasSuffix(base, "yml") || strings.HasSuffix(base, "yaml")):
			p.Templates = append(p.Templates, purser.Template{Name: base, Text: text})
		case len(parts) > 2 && parts[0] == "packages":
			children[parts[1]] = true
		}
	}
	for _, child := range slices.Sorted(maps.Keys(children)) {
		p.Dependencies = append(p.Dependencies, packageOf(files, folder+"packages/"+child+"/"))
	}
	return p
}

// normalised gives the lines of each document behind the keys they stand under, sorted: the order of keys is not
// recorded. Elements of lists keep their order.
func normalised(manifest string) [][]string {
	documents := [][]string{}
	for _, d := range splitDocuments(manifest) {
		lines := flat(d)
		slices.Sort(lines)
		documents = append(documents, lines)
	}
	return documents
}

func splitDocuments(manifest string) []string {
	var docs []string
	var current strings.Builder
	for line := range strings.Lines(manifest) {
		if strings.TrimRight(line, " \n") == "---" {
			docs = append(docs, current.String())
			current.Reset()
			continue
		}
		current.WriteString(line)
	}
	return append(docs, current.String())
}

func flat(document string) []string {
	type key struct {
		indent int
		name   string
	}
	var above []key
	var out []string
	items := map[string]int{}
	for line := range strings.SplitSeq(strings.Trim(document, "\n"), "\n") {
		body := strings.TrimLeft(line, " ")
		indent := len(line) - len(body)
		item := strings.HasPrefix(body, "-")
		for len(above) > 0 {
			last := above[len(above)-1]
			below := item && strings.HasPrefix(body, "- ") && !strings.HasPrefix(last.name, "-")
			if last.indent > indent || last.indent == indent && !below {
				above = above[:len(above)-1]
				continue
			}
			break
		}
		var keys []string
		for _, k := range above {
			keys = append(keys, k.name)
		}
		path := strings.Join(keys, " ")
		if item {
			n, met := items[path]
			if met {
				n++
			}
			items[path] = n
			out = append(out, path+" ["+strconv.Itoa(n)+"] "+body)
			above = append(above, key{indent, "-" + strconv.Itoa(n)})
			continue
		}
		out = append(out, strings.TrimSpace(path+" "+body))
		name, _, _ := strings.Cut(body, ":")
		above = append(above, key{indent, name})
	}
	return out
}
