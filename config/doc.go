// Package config finds out what the server is to do: from built-in defaults, files, the environment, a JSON text and the
// command line, under Spring's relaxed names. One table (known.go) lists every setting; defaults, checks, the sample and
// the printed configuration all come from it.
//
// Invariant: names that users choose (accounts, repositories, keys of trees) keep their case and their dots; all other
// names are one whatever their spelling.
package config
