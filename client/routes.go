package client

// place is a resource of the server.
type place string

// The places, in the words of errors.
const (
	placeAPI          place = "the API"
	placeAbout        place = "about"
	placeRepositories place = "repositories"
	placeDeployers    place = "deployers"

	placePackage         place = "package"
	placeUpload          place = "upload"
	placeInstall         place = "install"
	placeInstallID       place = "install by id"
	placePackageDelete   place = "package delete"
	placeMetadata        place = "package metadata"
	placeMetadataSearch  place = "searches of packages"
	placeMetadataByName  place = "search of packages by name"
	placeReleases        place = "releases"
	placeReleasesSearch  place = "searches of releases"
	placeHistory         place = "history"
	placeRelease         place = "release"
	placeList            place = "list"
	placeListName        place = "list by name"
	placeStatus          place = "status"
	placeStatusVersion   place = "status of a version"
	placeStatuses        place = "statuses"
	placeStates          place = "states"
	placeManifest        place = "manifest"
	placeManifestVersion place = "manifest of a version"
	placeLogs            place = "logs"
	placeLogsApplication place = "logs of an application"
	placeUpgrade         place = "upgrade"
	placeRollback        place = "rollback"
	placeCancel          place = "cancel"
	placeScale           place = "scale"
	placeDelete          place = "delete"
	placeDeleteAll       place = "delete with package"
	placeActuator        place = "actuator"

	placeNative          place = "resources of Purser"
	placePreviewInstall  place = "preview of an install"
	placePreviewUpgrade  place = "preview of an upgrade"
	placePreviewRollback place = "preview of a rollback"
	placeDifference      place = "difference"
	placeOperations      place = "operations"
	placeTail            place = "tail of logs"
	placeContent         place = "content of packages"
	placeEvents          place = "events"
)

// route says where a place is found: by the link rel of the document at from; or, where the server has no link to it, below
// that document's own address, as a URI template.
type route struct {
	from  place
	rel   string
	below string
}

// routes has every place but the API itself. What stands under below is all that this client knows of the server's paths:
// Skipper links to none of it (its link rollback is of a form without a body).
var routes = map[place]route{
	placeAbout:        {from: placeAPI, rel: "about"},
	placeRepositories: {from: placeAPI, rel: "repositories"},
	placeDeployers:    {from: placeAPI, rel: "deployers"},
	placePackage:      {from: placeAPI, rel: "package"},
	placeRelease:      {from: placeAPI, rel: "release"},
	placeMetadata:     {from: placeAPI, rel: "packageMetadata"},
	placeReleases:     {from: placeAPI, rel: "releases"},

	placeMetadataSearch: {from: placeMetadata, rel: "search"},
	placeMetadataByName: {from: placeMetadataSearch, rel: "findByNameContainingIgnoreCase"},
	placeReleasesSearch: {from: placeReleases, rel: "search"},
	placeHistory:        {from: placeReleasesSearch, rel: "findByNameIgnoreCaseContainingOrderByNameAscVersionDesc"},

	placeUpload:        {from: placePackage, rel: "upload"},
	placeInstall:       {from: placePackage, rel: "install"},
	placeInstallID:     {from: placePackage, rel: "install/id"},
	placePackageDelete: {from: placePackage, below: "/{name}"},

	placeList:            {from: placeRelease, rel: "list"},
	placeListName:        {from: placeRelease, rel: "list/name"},
	placeStatus:          {from: placeRelease, rel: "status/name"},
	placeStatusVersion:   {from: placeRelease, rel: "status/name/version"},
	placeManifest:        {from: placeRelease, rel: "manifest"},
	placeManifestVersion: {from: placeRelease, rel: "manifest/name/version"},
	placeLogs:            {from: placeRelease, rel: "logs/name"},
	placeActuator:        {from: placeRelease, rel: "actuator/name/app/id"},
	placeUpgrade:         {from: placeRelease, rel: "upgrade"},
	placeRollback:        {from: placeRelease, below: "/rollback"},
	placeCancel:          {from: placeRelease, below: "/cancel"},
	placeScale:           {from: placeRelease, below: "/scale/{name}"},
	placeDelete:          {from: placeRelease, below: "/{name}"},
	placeDeleteAll:       {from: placeRelease, below: "/{name}/package"},
	placeStatuses:        {from: placeRelease, below: "/statuses{?names}"},
	placeStates:          {from: placeRelease, below: "/states{?names}"},
	placeLogsApplication: {from: placeRelease, below: "/logs/{name}/{app}"},

	placeNative:          {from: placeAPI, rel: "service"},
	placePreviewInstall:  {from: placeNative, rel: "previewInstall"},
	placePreviewUpgrade:  {from: placeNative, rel: "previewUpgrade"},
	placePreviewRollback: {from: placeNative, rel: "previewRollback"},
	placeDifference:      {from: placeNative, rel: "difference"},
	placeOperations:      {from: placeNative, rel: "operations"},
	placeTail:            {from: placeNative, rel: "logs"},
	placeContent:         {from: placeNative, rel: "package"},
	placeEvents:          {from: placeNative, rel: "events"},
}

// collections are the places whose links stand in the header of a HEAD, so that no element has to be read for them.
var collections = map[place]bool{placeMetadata: true, placeReleases: true}

// negligible are the variables that a server may leave out of a template: they change no more than how much is sent at
// once, and in what order.
var negligible = map[string]bool{"page": true, "size": true, "sort": true, "projection": true}
