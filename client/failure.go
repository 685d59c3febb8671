package client

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// The classes that Skipper's failures are told by (spec/clients.md §2).
const (
	classPrefix          = "org.springframework.cloud.skipper."
	classReleaseNotFound = classPrefix + "ReleaseNotFoundException"
	classPackageDelete   = classPrefix + "PackageDeleteException"
	classReleaseUpgrade  = classPrefix + "ReleaseUpgradeException"
	classSkipper         = classPrefix + "SkipperException"
)

const (
	maxRefusal = 1 << 20 // how much of a refusal is read
	maxExcerpt = 200     // how many characters of it are shown
)

// refusal makes an error of an answer whose status is none of success.
func refusal(method string, response *http.Response) error {
	e := &HTTPError{
		Method: method, URL: response.Request.URL.Redacted(), Status: response.StatusCode,
		RetryAfter: retryAfter(response.Header.Get("Retry-After")),
	}
	if to := response.Header.Get("Location"); to != "" && response.StatusCode < http.StatusBadRequest {
		e.Message = "the server redirects to " + excerpt(to) + ", which is followed for GET alone"
	}
	body, _ := io.ReadAll(io.LimitReader(response.Body, maxRefusal)) // as much as came
	e.Body = excerpt(string(body))
	var problem struct {
		Exception      anything `json:"exception"`
		Message        anything `json:"message"`
		ReleaseName    anything `json:"releaseName"`
		ReleaseVersion anything `json:"releaseVersion"`
		Version        anything `json:"version"`
	}
	if json.Unmarshal(body, &problem) != nil {
		return e
	}
	e.Exception, e.Message = string(problem.Exception), cmp.Or(string(problem.Message), e.Message)
	switch e.Exception {
	case classReleaseNotFound:
		if problem.ReleaseName == "" {
			return e
		}
		version, _ := strconv.Atoi(cmp.Or(string(problem.ReleaseVersion), string(problem.Version)))
		return &ReleaseNotFoundError{Name: string(problem.ReleaseName), Version: version, Message: e.Message, HTTP: e}
	case classPackageDelete:
		return &PackageDeleteError{Message: e.Message, HTTP: e}
	case classReleaseUpgrade:
		return &ReleaseUpgradeError{Message: e.Message, HTTP: e}
	case classSkipper:
		return &SkipperError{Message: e.Message, HTTP: e}
	}
	return e
}

// excerpt gives the beginning of a text on one line.
func excerpt(text string) string {
	text = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, "\ufffd"), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	}), " ")
	if characters := []rune(text); len(characters) > maxExcerpt {
		return string(characters[:maxExcerpt]) + "..."
	}
	return text
}

// retryAfter reads seconds, or a date. 0: neither.
func retryAfter(text string) time.Duration {
	if seconds, err := strconv.Atoi(text); err == nil && seconds > 0 {
		return time.Duration(min(seconds, int(time.Hour/time.Second))) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, time.Until(at))
	}
	return 0
}

// failed makes an error of a request that got no answer.
func failed(ctx context.Context, method string, at *url.URL, err error) error {
	if ctx.Err() != nil {
		return err
	}
	if inner, ok := errors.AsType[*url.Error](err); ok {
		err = inner.Err
	}
	if insecure(err) {
		return &TLSError{URL: at.Redacted(), Err: err}
	}
	return &UnreachableError{Method: method, URL: at.Redacted(), Err: err}
}

// insecure tells whether a connection failed for reasons of TLS.
func insecure(err error) bool {
	if errors.Is(err, http.ErrSchemeMismatch) {
		return true
	}
	return is[*tls.CertificateVerificationError](err) || is[tls.RecordHeaderError](err) || is[tls.AlertError](err) ||
		is[x509.UnknownAuthorityError](err) || is[x509.HostnameError](err) || is[x509.CertificateInvalidError](err)
}

func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}
