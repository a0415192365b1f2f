package main

import (
	"errors"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
)

// parserWords are the beginnings of what the command line's parser says, in English, and the
// sentence of the catalogue that says it to a person. What is not here stays as it came.
var parserWords = []struct{ begins, key string }{
	{"unexpected argument ", "cmd.usage.unexpected"},
	{"unknown flag ", "cmd.usage.unknown"},
	{"missing flags: ", "cmd.usage.flags"},
	{"expected one of ", "cmd.usage.one-of"},
	{"expected ", "cmd.usage.expected"},
}

// parserSays puts an error of the parser in the person's language; the names in it are typed words
// and stay. An error of ours inside it, which has a key, is left whole.
func parserSays(lang i18n.Lang, err error) error {
	text := err.Error()
	if flag, value, found := strings.Cut(text, ": not a date (YYYY-MM-DD): "); found {
		return errors.New(i18n.T(lang, "cmd.usage.date", flag, strings.Trim(value, `"`)))
	}
	if flag, words, found := strings.Cut(text, " must be one of "); found {
		words, got, _ := strings.Cut(words, " but got ")
		return errors.New(i18n.T(lang, "cmd.usage.enum", flag, words, got))
	}
	for _, w := range parserWords {
		if rest, found := strings.CutPrefix(text, w.begins); found {
			rest, hint, hinted := strings.Cut(rest, ", did you mean ")
			said := i18n.T(lang, w.key, rest)
			if hinted {
				said += i18n.T(lang, "cmd.usage.hint", strings.TrimSuffix(strings.TrimPrefix(hint, "one of "), "?"))
			}
			return errors.New(said)
		}
	}
	return err
}

// givenTwice refuses a flag of the command that holds one value and was given several: the parser would keep the last in
// silence. Those of every command (--db) may be given again, to overrule a wrapper.
func givenTwice(k *kong.Context) error {
	seen := map[*kong.Flag]bool{}
	for _, p := range k.Path {
		f := p.Flag
		if f == nil || f.IsSlice() || f.IsMap() || f.IsBool() || f.IsCounter() || slices.Contains(k.Model.Flags, f) {
			continue
		}
		if seen[f] {
			return fault.New(fault.Invalid, "cmd.usage.twice", "--"+f.Name)
		}
		seen[f] = true
	}
	return nil
}
