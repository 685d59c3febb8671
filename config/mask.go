package config

import "regexp"

// masked stands where a secret was.
const masked = "***"

var (
	userinfo   = regexp.MustCompile(`(//)[^/\s?#]*@`)
	assignment = regexp.MustCompile(`(?i)((?:password|passwd|secret|token|credentials?|api[-_]?key|signature|\bsig)[\w.-]*\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s&,;"']+)`)
)

// maskText masks what looks like a secret within a text: the user of a URL, and what is assigned to a password.
func maskText(text string) string {
	text = userinfo.ReplaceAllString(text, "${1}"+masked+"@")
	return assignment.ReplaceAllString(text, "${1}"+masked)
}
