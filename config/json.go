package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// readJSON reads the text of SPRING_APPLICATION_JSON.
func readJSON(source, text string) (*node, error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	n, err := decodeJSON(decoder, Origin{Source: source})
	if err == nil {
		if _, after := decoder.Token(); !errors.Is(after, io.EOF) {
			err = errors.New("there is more behind its end")
		}
	}
	if err != nil {
		return nil, fmt.Errorf("%s: not valid JSON, at byte %d: %w", source, decoder.InputOffset(), err)
	}
	if n.kind != mapNode {
		return nil, &Problem{Origin: n.origin, Key: "the text", Value: shown(source, n), Want: "a JSON object"}
	}
	return n, nil
}

// decodeJSON reads one value. It keeps the order of keys, which a map would lose.
func decodeJSON(decoder *json.Decoder, origin Origin) (*node, error) {
	token, err := decoder.Token()
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, err
	}
	n := &node{origin: origin}
	switch v := token.(type) {
	case json.Delim:
		n.kind = listNode
		if v == '{' {
			n.kind = mapNode
		}
		for decoder.More() {
			key := ""
			if v == '{' {
				name, err := decoder.Token()
				if err != nil {
					return nil, err
				}
				key, _ = name.(string)
			}
			item, err := decodeJSON(decoder, origin)
			if err != nil {
				return nil, err
			}
			if v == '{' {
				n.put(key, item)
			} else {
				n.items = append(n.items, item)
			}
		}
		_, err := decoder.Token()
		return n, err
	case nil:
		n.null = true
	case string:
		n.text = v
	default:
		n.text, n.plain = fmt.Sprint(v), true
	}
	return n, nil
}
