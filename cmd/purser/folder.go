package main

import "net/url"

// folderName makes a name of a file of any text: different texts give different names, and none leaves its folder.
func folderName(text string) string {
	name := url.PathEscape(text)
	switch name {
	case "", ".", "..":
		return "%" + name
	}
	return name
}
