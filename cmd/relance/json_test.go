package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// jsonCmd looks into the JSON document of the last standard output: "json PATH WANT", where PATH
// is messages.0.total, messages.customer=C1.total, and messages.len counts. "! json PATH WANT" says that it differs.
func jsonCmd(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: json PATH WANT")
	}
	var doc any
	d := json.NewDecoder(strings.NewReader(ts.ReadFile("stdout")))
	d.UseNumber()
	ts.Check(d.Decode(&doc))
	got := "<none>"
	if v, ok := pick(doc, strings.Split(args[0], ".")); ok {
		got = fmt.Sprint(v)
		if _, deep := v.(map[string]any); deep {
			b, err := json.Marshal(v)
			ts.Check(err)
			got = string(b)
		}
	}
	if (got == args[1]) == neg {
		ts.Fatalf("%s is %q, want %q (not: %t)", args[0], got, args[1], neg)
	}
}

// keepCmd keeps a value of the last JSON answer in the environment: "keep NAME PATH".
func keepCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: keep NAME PATH")
	}
	var doc any
	d := json.NewDecoder(strings.NewReader(ts.ReadFile("stdout")))
	d.UseNumber()
	ts.Check(d.Decode(&doc))
	v, ok := pick(doc, strings.Split(args[1], "."))
	if !ok {
		ts.Fatalf("no %s in %v", args[1], doc)
	}
	ts.Setenv(args[0], fmt.Sprint(v))
}

func pick(doc any, path []string) (any, bool) {
	for _, p := range path {
		switch v := doc.(type) {
		case map[string]any:
			next, ok := v[p]
			if !ok {
				return nil, false
			}
			doc = next
		case []any:
			if p == "len" {
				return len(v), true
			}
			if key, want, found := strings.Cut(p, "="); found {
				i := slices.IndexFunc(v, func(e any) bool {
					m, _ := e.(map[string]any)
					return fmt.Sprint(m[key]) == want
				})
				p = strconv.Itoa(i)
			}
			n, err := strconv.Atoi(p)
			if err != nil || n < 0 || n >= len(v) {
				return nil, false
			}
			doc = v[n]
		default:
			return nil, false
		}
	}
	return doc, true
}
