package browse

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
)

func uploadAction() *action {
	return &action{
		path: "/browse/upload", template: "upload", title: "Upload a package",
		load: loadRepositories, apply: upload,
	}
}

// loadRepositories reads where a package can be uploaded to.
func loadRepositories(v *visit, f *form) error {
	f.Back = "/api/packageMetadata"
	var doc wireRepositories
	if _, err := v.fetch("/api/repositories?size=1000", &doc); err != nil {
		return err
	}
	var local []wireRepository
	for _, r := range doc.Embedded.Repositories {
		if r.Local {
			local = append(local, r)
		}
	}
	f.About = local
	return nil
}

type wireUpload struct {
	RepoName  string `json:"repoName"`
	Name      string `json:"name"`
	Version   string `json:"version"`
	Extension string `json:"extension"`
	Bytes     []byte `json:"packageFileAsBytes"`
}

func upload(v *visit, f *form) (string, error) {
	content, fileName, err := v.uploaded("file")
	if err != nil {
		return "", err
	}
	request := wireUpload{
		RepoName: f.Get("repository"), Name: strings.TrimSpace(f.Get("name")), Version: strings.TrimSpace(f.Get("version")),
		Extension: "zip", Bytes: content,
	}
	name, version := identity(content, fileName)
	if request.Name == "" {
		request.Name = name
	}
	if request.Version == "" {
		request.Version = version
	}
	a, err := v.call(http.MethodPost, "/api/package/upload", request)
	if err := accepted(a, err); err != nil {
		return "", err
	}
	var made wirePackage
	if err := a.decode(&made); err != nil {
		return "", err
	}
	id := ""
	for _, l := range made.Links["install"] { // the second one names the new package
		id = l.Href[strings.LastIndexByte(l.Href, '/')+1:]
	}
	return "/api/packageMetadata/" + id + "?" + paramSaid + "=uploaded", nil
}

// uploaded gives the file of a form.
func (v *visit) uploaded(field string) (content []byte, name string, err error) {
	file, head, err := v.r.FormFile(field)
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) || err == nil && head.Size == 0 {
		return nil, "", typed("Choose the file of the package: a zip with one folder, named <name>-<version>.")
	}
	if err != nil {
		return nil, "", unreadable(err)
	}
	defer file.Close()
	content, err = io.ReadAll(file)
	return content, head.Filename, err
}

// identity reads name and version of a package from the folder that its archive holds, or from the name of the file.
func identity(content []byte, fileName string) (name, version string) {
	folder := strings.TrimSuffix(fileName[strings.LastIndexAny(fileName, `/\`)+1:], ".zip")
	if archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content))); err == nil && len(archive.File) > 0 {
		if top, _, ok := strings.Cut(archive.File[0].Name, "/"); ok && top != "" {
			folder = top
		}
	}
	for i := len(folder) - 1; i > 0; i-- { // names may hold dashes, and so may versions: a version begins with a digit
		if folder[i] == '-' && i+1 < len(folder) && folder[i+1] >= '0' && folder[i+1] <= '9' && strings.Contains(folder[i+1:], ".") {
			name, version = folder[:i], folder[i+1:]
			if strings.Count(version, ".") >= 2 {
				break
			}
		}
	}
	return name, version
}
