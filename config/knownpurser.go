package config

import "time"

func purserKeys() []Key {
	return []Key{
		{Name: "purser.data-dir", Kind: Text, Default: "./purser-data", Text: "Folder of everything that the server keeps: the store, the state of platforms, fetched resources."},
		{Name: "purser.store.synchronous", Kind: Text, Default: "full", Values: []string{"full", "normal", "extra", "off"}, Text: "When the store counts a change as written; with less than full a power cut may undo the last ones."},
		{Name: "purser.store.readers", Kind: Int, Default: "4", Min: 1, Max: 64, Text: "Connections that read the store at one time."},
		{Name: "purser.store.cache-size", Kind: Size, Default: "8MB", Text: "Contents of packages that the store keeps ready; 0 for none."},
		{Name: "purser.engine.parallel", Kind: Int, Default: "16", Min: 1, Max: 1024, Text: "Operations that work on platforms at one time."},
		{Name: "purser.engine.lease", Kind: Duration, Default: "30s", Min: int64(time.Second), Text: "How long an operation outlives the last sign of life of its server before another one takes it over."},
		{Name: "purser.events.keep", Kind: Int, Default: "10000", Min: 100, Max: 10_000_000, Text: "Events that the store keeps for clients of GET /api/events that come back."},
		{Name: "purser.events.streams", Kind: Int, Default: "1024", Min: 1, Max: 1_000_000, Text: "Streams of GET /api/events that may be open at one time."},
		{Name: "purser.logs.streams", Kind: Int, Default: "256", Min: 1, Max: 1_000_000, Text: "Streams of logs that may be followed at one time."},
		{Name: "purser.api.bare-links", Kind: Bool, Default: "false", Text: "Whether documents that are asked for as application/json have `links` as a list of rel and href in place of HAL's `_links`. Skipper's own clients need HAL."},
		{Name: "purser.browse.enabled", Kind: Bool, Default: "true", Text: "Whether browsers get pages for the resources of the API, with forms to operate releases."},
		{Name: "purser.strategies.fail-fast", Kind: Bool, Default: "true", Text: "Whether an upgrade ends as soon as its applications have failed for good, instead of waiting for its timeout."},
		{Name: "purser.strategies.fail-fast-grace", Kind: Duration, Default: "1s", Text: "How long applications have to have been failed for good before an upgrade ends because of it, so that whoever looks or cancels right after a crash finds it under way; 0s: it ends at once."},
		{Name: "purser.repositories.refresh-interval", Kind: Duration, Default: "0s", Text: "How often the indexes of remote package repositories are read again; 0s only at start."},
		{Name: "purser.repositories.fetch-timeout", Kind: Duration, Default: "1m", Min: int64(time.Second), Text: "How long fetching one index or package may take."},
		{Name: "purser.packages.cache-size", Kind: Size, Default: "16MB", Text: "Packages that are kept unpacked; 0 for none."},
		{Name: "purser.resources.cache-dir", Kind: Text, Text: "Folder of fetched resources; `resources` in the data folder when empty."},
		{Name: "purser.resources.timeout", Kind: Duration, Default: "10m", Min: int64(time.Second), Text: "How long fetching one resource may take."},
		{Name: "purser.resources.redirects", Kind: Int, Default: "5", Max: 100, Text: "Redirects that are followed when a resource is fetched."},
		{Name: "purser.platform.local.stop-on-exit", Kind: Bool, Default: "false", Text: "Whether the applications of the local platform end with the server. They live on otherwise, and the next start finds them."},
		{Name: "purser.platform.local.log-size", Kind: Size, Default: "10MB", Min: 1 << 10, Text: "Size that one log file of an application may grow to before a new one is begun."},
		{Name: "purser.platform.local.keep-files", Kind: Duration, Default: "1h", Text: "How long the folder of an application stays after its end, if it is deleted at all."},
		{Name: dialectsKey, Kind: Anything, Text: "The further APIs, and who may use them for what. All are on, without anybody; enabled: false makes the paths of one unknown. An unknown key, an id twice or an app without a package keeps the server from starting."},
	}
}

func limitKeys() []Key {
	const limit = "purser.limits."
	return []Key{
		{Name: limit + "request-body", Kind: Size, Default: "64MB", Min: 1 << 10, Text: "Size of a request's body. Packages come in base64, which takes a third more than the archive."},
		{Name: limit + "archive-size", Kind: Size, Default: "32MB", Min: 1 << 10, Text: "Size of a package's archive."},
		{Name: limit + "archive-entries", Kind: Int, Default: "10000", Min: 1, Text: "Files and folders in an archive."},
		{Name: limit + "entry-size", Kind: Size, Default: "16MB", Min: 1 << 10, Text: "Size of one file of an archive, unpacked."},
		{Name: limit + "unpacked-size", Kind: Size, Default: "64MB", Min: 1 << 10, Text: "Size of all files of an archive, unpacked."},
		{Name: limit + "ratio", Kind: Int, Default: "200", Min: 1, Text: "How many times larger than packed a file of an archive may be unpacked."},
		{Name: limit + "package-depth", Kind: Int, Default: "8", Min: 1, Max: 64, Text: "Packages within packages."},
		{Name: limit + "index-size", Kind: Size, Default: "16MB", Min: 1 << 10, Text: "Size of a remote repository's index."},
		{Name: limit + "index-entries", Kind: Int, Default: "50000", Min: 1, Text: "Packages in a remote repository's index."},
		{Name: limit + "resource-size", Kind: Size, Default: "1GB", Min: 1 << 10, Text: "Size of one resource that an application is made of."},
	}
}
