package browse

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"

	"purser/api/markup"
)

// source is the request to the API that a page shows the answer of.
type source struct {
	Status int
	Target string
	Curl   string
	Links  []relation
	JSON   *markup.Code // nil: it is not JSON, or empty
	Size   int
	Raw    string // where all of it is
}

// relation is a link of an answer.
type relation struct {
	Rel       string
	Href      string // as the API gives it, without what all have in common
	Local     string // where it leads on this server; "" when it leads elsewhere or has holes
	Explorer  string // where its holes can be filled, or its method chosen
	Templated bool
	Meaning   string
}

// maxShown is how much of an answer, in bytes, stands at the foot of its page.
const maxShown = 12 << 10

func (v *visit) source(target string, a *answer) *source {
	s := &source{
		Status: a.status, Target: markup.Clean(target), Size: len(a.body),
		Curl: "curl -s " + shellQuoted(v.base+target),
	}
	s.Raw = v.root + target + "?" + paramFormat + "=json"
	if strings.Contains(target, "?") {
		s.Raw = v.root + target + "&" + paramFormat + "=json"
	}
	if a.isJSON() && len(a.body) > 0 {
		shown := a.body
		if len(shown) > maxShown {
			shown = shown[:bytes.LastIndexByte(shown[:maxShown], '\n')+1]
			if len(shown) == 0 {
				shown = a.body[:maxShown]
			}
		}
		code := markup.JSON(shown)
		code.Cut = code.Cut || len(shown) < len(a.body)
		s.JSON = &code
		s.Links = v.relations(a.body)
	}
	return s
}

// shellQuoted writes a text as one word of a shell.
func shellQuoted(s string) string {
	return "'" + strings.ReplaceAll(markup.Clean(s), "'", `'\''`) + "'"
}

// relations gives the links of a document in their order.
func (v *visit) relations(body []byte) []relation {
	var doc struct {
		Links json.RawMessage `json:"_links"`
	}
	if json.Unmarshal(body, &doc) != nil || doc.Links == nil {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(doc.Links))
	if _, err := d.Token(); err != nil {
		return nil
	}
	var all []relation
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return all
		}
		rel, _ := name.(string)
		var list linkList
		if d.Decode(&list) != nil {
			return all
		}
		for _, l := range list {
			all = append(all, v.relation(rel, l))
		}
	}
	return all
}

// maxAddress is how long an address may be, in bytes, for a page to link to it.
const maxAddress = 2048

func (v *visit) relation(rel string, l link) relation {
	r := relation{
		Rel: markup.Clean(rel), Href: markup.Clean(strings.TrimPrefix(l.Href, v.base)), Templated: l.Templated, Meaning: meanings[rel],
	}
	local := v.local(l.Href)
	if local == "" || len(local) > maxAddress {
		return r
	}
	below := strings.TrimPrefix(local, v.root)
	r.Explorer = v.root + pathExplorer + "?path=" + exact(below).Query()
	switch {
	case onlyOptional.MatchString(below):
		r.Local = v.root + onlyOptional.ReplaceAllString(below, "$1")
	case !strings.Contains(below, "{") && !sendsOnly[strings.SplitN(rel, "/", 2)[0]]:
		r.Local = local
	}
	return r
}

// onlyOptional fits templates that make an address without being filled.
var onlyOptional = regexp.MustCompile(`^([^{}]*)\{[?&][^{}]*\}$`)

// sendsOnly are the relations that cannot be read, so that a page would only say so.
var sendsOnly = map[string]bool{
	"upload": true, "install": true, "upgrade": true, "rollback": true,
	"previewInstall": true, "previewUpgrade": true, "previewRollback": true,
}

// meanings say what the relations of the API lead to.
var meanings = map[string]string{
	"self":                           "this resource",
	"repositories":                   "where packages come from",
	"packageMetadata":                "packages in all their versions, with search",
	"releases":                       "every stored version of every release, with search",
	"deployers":                      "the platforms that releases run on, and the properties they understand",
	"about":                          "name and version of the server",
	"release":                        "everything that can be asked and done about releases",
	"package":                        "upload and install",
	"profile":                        "descriptions of the collections, in ALPS",
	"search":                         "the searches of this collection",
	"first":                          "the first page of the collection",
	"prev":                           "the page before this one",
	"next":                           "the page behind this one",
	"last":                           "the last page of the collection",
	"upload":                         "bring a package into a local repository (POST)",
	"install":                        "make a release of a package (POST)",
	"install/id":                     "make a release of the package version with this id (POST)",
	"upgrade":                        "replace a release by another package version or other values (POST)",
	"rollback":                       "bring back an earlier version of a release (POST)",
	"list":                           "every version that is deployed or failed",
	"list/name":                      "the same, of releases whose name holds a text",
	"status":                         "how a release stands",
	"status/name":                    "how the latest version of a release stands",
	"status/name/version":            "how one version of a release stands",
	"manifest":                       "what a release is deployed from",
	"manifest/name/version":          "what one version of a release is deployed from",
	"logs/name":                      "what the applications of a release print",
	"logs":                           "what the applications of a release print, also as a stream",
	"actuator/name/app/id":           "the management endpoints of an instance",
	"repository":                     "this repository",
	"deployer":                       "this platform",
	"operations":                     "changes to releases: those under way, and those before",
	"previewInstall":                 "what an install would do (POST; changes nothing)",
	"previewUpgrade":                 "what an upgrade would change (POST; changes nothing)",
	"previewRollback":                "what a rollback would change (POST; changes nothing)",
	"difference":                     "what differs between two versions of a release",
	"events":                         "what happens, as a stream",
	"openapi":                        "all of this for programs",
	"findByName":                     "by the exact name",
	"findByNameContainingIgnoreCase": "by a part of the name",
	"findByNameIgnoreCaseContainingOrderByNameAscVersionDesc": "the history: all versions of releases whose name holds a text",
}
