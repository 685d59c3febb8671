package browse

import (
	"encoding/json"
	"slices"
	"strings"
)

// The types of this file are the documents of the API, as far as pages look at them.

type link struct {
	Href      string `json:"href"`
	Templated bool   `json:"templated"`
}

// linkList is one link or several under one relation.
type linkList []link

// UnmarshalJSON implements json.Unmarshaler.
func (l *linkList) UnmarshalJSON(text []byte) error {
	if strings.HasPrefix(strings.TrimSpace(string(text)), "[") {
		return json.Unmarshal(text, (*[]link)(l))
	}
	var one link
	err := json.Unmarshal(text, &one)
	*l = linkList{one}
	return err
}

type links map[string]linkList

// id gives the last segment of the self link.
func (l links) id() string {
	self := l["self"]
	if len(self) == 0 {
		return ""
	}
	href, _, _ := strings.Cut(self[0].Href, "{")
	return href[strings.LastIndexByte(href, '/')+1:]
}

type wirePage struct {
	Size          int `json:"size"`
	TotalElements int `json:"totalElements"`
	TotalPages    int `json:"totalPages"`
	Number        int `json:"number"`
}

type wirePackage struct {
	APIVersion       string  `json:"apiVersion"`
	Origin           *string `json:"origin"`
	RepositoryName   *string `json:"repositoryName"`
	Kind             string  `json:"kind"`
	Name             exact   `json:"name"`
	DisplayName      *string `json:"displayName"`
	Version          exact   `json:"version"`
	PackageSourceURL *string `json:"packageSourceUrl"`
	PackageHomeURL   *string `json:"packageHomeUrl"`
	Tags             *string `json:"tags"`
	Maintainer       *string `json:"maintainer"`
	Description      *string `json:"description"`
	SHA256           *string `json:"sha256"`
	Links            links   `json:"_links"`
}

// ID is the number of the package in paths.
func (p wirePackage) ID() string { return p.Links.id() }

// Lead is the first line of the description.
func (p wirePackage) Lead() string {
	lead, _, _ := strings.Cut(strings.TrimSpace(asText(p.Description)), "\n")
	return lead
}

// Tells tells whether the description has more to say than its first line.
func (p wirePackage) Tells() bool { return p.Lead() != strings.TrimSpace(asText(p.Description)) }

// TagList is the tags, one by one.
func (p wirePackage) TagList() []string {
	var tags []string
	for tag := range strings.SplitSeq(asText(p.Tags), ",") {
		if tag = strings.TrimSpace(tag); tag != "" {
			tags = append(tags, tag)
		}
	}
	return tags
}

type wireTemplate struct {
	Name string `json:"name"`
	Text string `json:"text"`
	Data string `json:"data"`
}

// wireContent is what is inside of a package.
type wireContent struct {
	wirePackage
	Values       *string        `json:"values"`
	Templates    []wireTemplate `json:"templates"`
	Readme       *string        `json:"readme"`
	Dependencies []wireContent  `json:"dependencies"`
}

type wireRaw struct {
	Raw *string `json:"raw"`
}

type wireInfo struct {
	Status struct {
		StatusCode     string `json:"statusCode"`
		PlatformStatus *exact `json:"platformStatus"`
	} `json:"status"`
	FirstDeployed *string `json:"firstDeployed"`
	LastDeployed  *string `json:"lastDeployed"`
	Deleted       *string `json:"deleted"`
	Description   string  `json:"description"`
}

// wireApp is what the platform says about one application.
type wireApp struct {
	DeploymentID exact                   `json:"deploymentId"`
	State        string                  `json:"state"`
	Instances    map[string]wireInstance `json:"instances"`
}

type wireInstance struct {
	ID         exact             `json:"id"`
	State      string            `json:"state"`
	Attributes map[string]string `json:"attributes"`
}

// Name is the application's name, where the platform knows it.
func (a wireApp) Name() string {
	for _, i := range a.Instances {
		if name := i.Attributes["skipper.application.name"]; name != "" {
			return name
		}
	}
	return a.DeploymentID.String()
}

// List is the instances by id.
func (a wireApp) List() []wireInstance {
	list := make([]wireInstance, 0, len(a.Instances))
	for _, i := range a.Instances {
		list = append(list, i)
	}
	slices.SortFunc(list, func(x, y wireInstance) int { return strings.Compare(string(x.ID), string(y.ID)) })
	return list
}

// URL is where an instance answers, as far as the platform tells.
func (i wireInstance) URL() string { return i.Attributes["url"] }

// More is the other attributes by name.
func (i wireInstance) More() [][2]string {
	var list [][2]string
	for name, value := range i.Attributes {
		if name != "url" && !strings.HasPrefix(name, "skipper.") {
			list = append(list, [2]string{name, value})
		}
	}
	slices.SortFunc(list, func(x, y [2]string) int { return strings.Compare(x[0], y[0]) })
	return list
}

// Apps is the applications and instances that the platform knows of.
func (i wireInfo) Apps() []wireApp {
	var apps []wireApp
	if i.Status.PlatformStatus == nil || json.Unmarshal([]byte(*i.Status.PlatformStatus), &apps) != nil {
		return nil
	}
	cleanAll(&apps)
	return apps
}

// wireRelease is a version of a release. Of the package in it pages show what it is, not what is inside.
type wireRelease struct {
	Name    exact    `json:"name"`
	Version int      `json:"version"`
	Info    wireInfo `json:"info"`
	Pkg     struct {
		Metadata wirePackage `json:"metadata"`
	} `json:"pkg"`
	ConfigValues wireRaw `json:"configValues"`
	Manifest     struct {
		Data string `json:"data"`
	} `json:"manifest"`
	PlatformName exact `json:"platformName"`
	Links        links `json:"_links"`
}

// ID is the number of the stored version in paths.
func (r wireRelease) ID() string { return r.Links.id() }

type wireOperation struct {
	ID              int64   `json:"id"`
	Name            exact   `json:"name"`
	Kind            string  `json:"kind"`
	Rollback        bool    `json:"rollback"`
	Phase           string  `json:"phase"`
	Outcome         *string `json:"outcome"`
	From            int     `json:"from"`
	To              int     `json:"to"`
	StartedAt       *string `json:"startedAt"`
	FinishedAt      *string `json:"finishedAt"`
	Deadline        *string `json:"deadline"`
	CancelRequested any     `json:"cancelRequested"`
	RequestedBy     *string `json:"requestedBy"`
	Message         *string `json:"message"`
}

// Open tells whether the operation is under way.
func (o wireOperation) Open() bool { return o.Phase != "done" }

// Cancelled tells whether it was asked to end.
func (o wireOperation) Cancelled() bool {
	return o.CancelRequested != nil && o.CancelRequested != false && o.CancelRequested != ""
}

// Word is what was asked for.
func (o wireOperation) Word() string {
	if o.Rollback {
		return "rollback"
	}
	return o.Kind
}

type wireDifference struct {
	Empty        bool `json:"empty"`
	Applications []struct {
		Name       string `json:"name"`
		Change     string `json:"change"`
		Properties []struct {
			Section string  `json:"section"`
			Name    string  `json:"name"`
			Old     *string `json:"old"`
			New     *string `json:"new"`
		} `json:"properties"`
	} `json:"applications"`
}

// wirePreview is what a change would do.
type wirePreview struct {
	Name           exact   `json:"name"`
	Version        int     `json:"version"`
	PlatformName   string  `json:"platformName"`
	PackageName    string  `json:"packageName"`
	PackageVersion string  `json:"packageVersion"`
	Manifest       string  `json:"manifest"`
	Values         *string `json:"values"`
	Applications   []struct {
		Name         string  `json:"name"`
		Action       string  `json:"action"`
		DeploymentID *string `json:"deploymentId"`
	} `json:"applications"`
	Difference wireDifference `json:"difference"`
}

type wireLogs struct {
	Name    exact `json:"name"`
	Version int   `json:"version"`
	Logs    []struct {
		Application  string `json:"application"`
		DeploymentID string `json:"deploymentId"`
		Instance     any    `json:"instance"`
		Stream       string `json:"stream"`
		Text         string `json:"text"`
	} `json:"logs"`
}

// wireProblem is a refusal.
type wireProblem struct {
	Status    int     `json:"status"`
	Error     string  `json:"error"`
	Exception string  `json:"exception"`
	Message   string  `json:"message"`
	Cause     *string `json:"cause"`
}
