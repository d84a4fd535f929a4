package sla

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"pishkhan/internal/fault"
)

// node is a JSON value with its path. Unlike encoding/json it keeps repeated
// and differently spelt fields apart, so that they can be refused.
type node struct {
	path    string
	kind    string // object, list, text, boolean, number or null
	text    string
	boolean bool
	items   []node
	members []member
}

type member struct {
	name  string
	value node
}

// maxDepth is more than a calendar file needs, and keeps hostile nesting away.
const maxDepth = 8

// parseJSON reads exactly one JSON value. It returns an Invalid fault
// (sla.error.json) for anything else.
func parseJSON(data []byte) (node, error) {
	if !utf8.Valid(data) {
		return node{}, notJSON(errors.New("not UTF-8"))
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	root, err := readNode(dec, "", 0)
	if err != nil {
		return node{}, notJSON(err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return node{}, notJSON(errors.New("more follows the calendar"))
	}
	return root, nil
}

func notJSON(cause error) error {
	return &fault.Fault{Kind: fault.Invalid, Key: "fault.invalid",
		Fields: []fault.Field{{Name: "$", Key: "sla.error.json", Args: []any{"reason", cause.Error()}}}}
}

func readNode(dec *json.Decoder, path string, depth int) (node, error) {
	if depth > maxDepth {
		return node{}, errors.New("nested too deep")
	}
	token, err := dec.Token()
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return node{}, err
	}
	n := node{path: path}
	switch v := token.(type) {
	case string:
		n.kind, n.text = "text", v
	case bool:
		n.kind, n.boolean = "boolean", v
	case json.Number:
		n.kind = "number"
	case nil:
		n.kind = "null"
	case json.Delim:
		if v == '[' {
			n.kind = "list"
			for dec.More() {
				item, err := readNode(dec, fmt.Sprintf("%s[%d]", path, len(n.items)), depth+1)
				if err != nil {
					return node{}, err
				}
				n.items = append(n.items, item)
			}
		} else {
			n.kind = "object"
			for dec.More() {
				m, err := readMember(dec, path, depth)
				if err != nil {
					return node{}, err
				}
				n.members = append(n.members, m)
			}
		}
		_, err = dec.Token() // the closing bracket
	}
	return n, err
}

func readMember(dec *json.Decoder, path string, depth int) (member, error) {
	token, err := dec.Token()
	if err != nil {
		return member{}, err
	}
	name := token.(string)
	if path != "" {
		path += "."
	}
	value, err := readNode(dec, path+name, depth+1)
	return member{name: name, value: value}, err
}
