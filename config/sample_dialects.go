package config

import "strings"

// dialectsSample is purser.dialects in the sample. Lines that begin with ## are prose.
const dialectsSample = `## ApplicationService over Connect, gRPC and gRPC-Web. A scope is the name of a platform account.
connect:
  enabled: true
  ## Whether a request without Connect-Protocol-Version is refused.
  strict-protocol-version: false
  default-scope: default
  ## Who may call it, by Authorization: Bearer; anybody when there are none. {token: ..., subject: ...}
  tokens: []
## The catalog of releases with artifacts, below /api/v1/catalog.
catalog:
  enabled: true
  ## Whether an import over an existing draft is refused; it replaces the draft otherwise.
  strict-import: false
  ## How artifacts are fetched. What does not fit into the request is fetched in the background. With deny-private addresses
  ## that are not public are refused, but for the hosts of allow-hosts (host or host:port).
  verify: {inline-timeout: 10s, inline-bytes: 67108864, max-bytes: 1073741824, redirects: 3, allow-hosts: [], deny-private: true}
  ## Projects, which are names of packages, and who may import into one of them, by X-Project-Token.
  projects:
    - {id: 1, name: demo, tokens: [{token: changeit, subject: ci}]}
  ## Who may use several, by Authorization: Bearer. Roles are create-release and upload-artifact.
  users:
    - {token: changeit, subject: alice@example.org, roles: [create-release, upload-artifact], projects: [demo]}
## Snapshots of applications, below /v1/orgs.
apps:
  enabled: true
  ## How long an activation or rollback may take to be healthy.
  activation-timeout: 1m
  ## An app is a package with a platform account. Its values are laid over those of the package.
  orgs:
    - id: acme
      workspaces:
        - id: main
          apps:
            - {id: shop, package: demo, platform: default, values: {}}
  ## Who may do what, by Authorization: Bearer. Permissions are release:read, release:create, release:activate,
  ## release:archive, release:delete and release:* for all; orgs are what a user sees, all when they are left out.
  users:
    - {token: changeit, subject: alice, orgs: [acme], permissions: ["release:*"]}
## Releases and slugs, below /apps.
akkeris:
  enabled: true
  ## What the Authorization header has to be; anybody may when it is empty.
  key: changeit
  ## After this long without a report of health a release reads unknown.
  unknown-after: 10m
  ## Who is told of releases: release when one begins, released when an application of it is live.
  hooks:
    - {url: "https://hooks.example.org/releases", secret: changeit, events: [release, released]}
  ## Apps, by name and space. With downstream a release is refused: it comes by promotion.
  apps:
    - {name: shop, space: dev, package: demo, platform: default, downstream: false, values: {}}
`

// sampleDialects writes the dialects, commented out.
func sampleDialects(indent string) string {
	var b strings.Builder
	for line := range strings.Lines(dialectsSample) {
		text := strings.TrimLeft(line, " ")
		own := indent + line[:len(line)-len(text)]
		if prose, ok := strings.CutPrefix(text, "## "); ok {
			b.WriteString("##" + own + prose)
			continue
		}
		b.WriteString("#" + own + text)
	}
	return b.String()
}
