package shell

// DefaultURI is the server that is meant when none is named.
const DefaultURI = "http://localhost:7577/api"

// Target is a server and how to be let in.
type Target struct {
	URI                        string
	Username                   string
	Password                   string
	SkipSSLValidation          bool
	CredentialsProviderCommand string // its standard output is the Authorization header, asked for each request
}
