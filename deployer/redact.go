package deployer

import (
	"net/url"
	"strings"
)

// masked stands where a secret was.
const masked = "***"

// Redact gives a location as it may be shown: user and password and the values of its query are masked, because signed
// URLs and tokens come under any name; the fragment is left out. Of an address that no parser accepts nothing is shown.
func Redact(location string) string {
	body, query, hasQuery := strings.Cut(location, "?")
	body, _, hasFragment := strings.Cut(body, "#")
	if start := strings.Index(body, "//"); start >= 0 {
		authority, path, hasPath := strings.Cut(body[start+2:], "/")
		if at := strings.LastIndexByte(authority, '@'); at >= 0 {
			authority = masked + authority[at:]
		} else if u, err := url.Parse("//" + authority); err != nil || u.Host != authority {
			return body[:start+2] + masked
		}
		body = body[:start+2] + authority
		if hasPath {
			body += "/" + path
		}
	}
	if !hasQuery || hasFragment {
		return body
	}
	return body + "?" + redactQuery(query)
}

// redactQuery keeps the names of a query.
func redactQuery(query string) string {
	query, _, _ = strings.Cut(query, "#")
	parts := strings.Split(query, "&")
	for i, part := range parts {
		if name, _, ok := strings.Cut(part, "="); ok {
			parts[i] = name + "=" + masked
		} else if part != "" {
			parts[i] = masked
		}
	}
	return strings.Join(parts, "&")
}
