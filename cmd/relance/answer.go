package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
)

// Exit codes of PRODUCT.md §7.
const (
	exitFailed = 1
	exitUsage  = 2
)

// answer writes the result: v as one JSON document with --json, else the text for people.
func (c *context) answer(v any, text func(io.Writer)) error {
	if !c.JSON {
		text(c.out)
		return nil
	}
	e := json.NewEncoder(c.out)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// t says a message in the person's language.
func (c *context) t(key string, args ...any) string { return i18n.T(c.Lang, key, args...) }

// usageError is a command line that cannot be understood: exit code 2.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }

// usage marks an error as a wrong use of the command; nil stays nil.
func usage(err error) error {
	if err == nil {
		return nil
	}
	return usageError{err}
}

// fail is the one place that renders an error: the sentence on the standard error, with --json
// also {"error":KEY,"message":…} and the error's own fields on the standard output.
func (c *context) fail(err error) int {
	code := exitFailed
	var u usageError
	if errors.As(err, &u) {
		code, err = exitUsage, u.error
	}
	if errors.Is(err, errSaid) {
		return exitFailed
	}
	message := i18n.Error(c.Lang, err)
	fmt.Fprintln(c.errOut, "relance:", message)
	if c.JSON {
		doc := map[string]any{}
		// An error may carry facts for scripts: the period whose rate is missing.
		var detailed interface{ Fields() map[string]any }
		if errors.As(err, &detailed) {
			for k, v := range detailed.Fields() {
				doc[k] = v
			}
		}
		doc["error"], doc["message"] = errorKey(err, code), message
		e := json.NewEncoder(c.out)
		e.SetEscapeHTML(false)
		if err := e.Encode(doc); err != nil {
			fmt.Fprintln(c.errOut, "relance:", err)
		}
	}
	return code
}

func errorKey(err error, code int) string {
	switch key := fault.Key(err); {
	case key != "":
		return key
	case code == exitUsage:
		return "USAGE"
	}
	return strings.ToUpper(strings.ReplaceAll(fault.Of(err).String(), " ", "_"))
}

// glance reads --json and --lang before the command line is parsed, so that a command line that
// cannot be parsed is answered in the form and the language it asks for.
func glance(args []string) (asJSON bool, lang i18n.Lang) {
	asked := ""
	if end := slices.Index(args, "--"); end >= 0 {
		args = args[:end]
	}
	for i, a := range args {
		switch {
		case a == "--json" || a == "--json=true":
			asJSON = true
		case a == "--lang" && i+1 < len(args):
			asked = args[i+1]
		case strings.HasPrefix(a, "--lang="):
			asked = strings.TrimPrefix(a, "--lang=")
		}
	}
	for _, tag := range []string{asked, os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG")} {
		if tag == "" {
			continue
		}
		if l, ok := i18n.Match(strings.TrimSuffix(tag, ".UTF-8")); ok {
			return asJSON, l
		}
		return asJSON, i18n.EN // "C", "POSIX", "de_DE": English serves everybody else
	}
	return asJSON, i18n.FR
}
