package i18n

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var verb = regexp.MustCompile(`%(\[\d+\])?[-+# 0]*\d*(\.\d+)?[a-zA-Z]`)

// verbs lists what a text asks of its arguments: "1s 2d", in the order of the arguments.
func verbs(text string) string {
	var out []string
	next := 1
	for _, m := range verb.FindAllStringSubmatch(strings.ReplaceAll(text, "%%", ""), -1) {
		if m[1] != "" {
			next, _ = strconv.Atoi(strings.Trim(m[1], "[]"))
		}
		out = append(out, strconv.Itoa(next)+m[0][len(m[0])-1:])
		next++
	}
	slices.Sort(out)
	return strings.Join(slices.Compact(out), " ")
}

// TestEveryTextInBothLanguages: no key is empty, and both languages use the same arguments, so
// that no reader meets %!s(MISSING).
func TestEveryTextInBothLanguages(t *testing.T) {
	for key, text := range all {
		if strings.TrimSpace(text.FR) == "" || strings.TrimSpace(text.EN) == "" {
			t.Errorf("%s: a language has no text", key)
		}
		want := verbs(text.FR)
		for name, other := range map[string]string{"EN": text.EN, "FROne": text.FROne, "ENOne": text.ENOne} {
			if other != "" && verbs(other) != want {
				t.Errorf("%s: FR takes %q, %s takes %q", key, want, name, verbs(other))
			}
		}
	}
}

// TestFrenchApostrophes: the apostrophe of French is ’.
func TestFrenchApostrophes(t *testing.T) {
	straight := regexp.MustCompile(`\p{L}'[\p{L}«]`)
	for key, text := range all {
		if straight.MatchString(text.FR) || straight.MatchString(text.FROne) {
			t.Errorf("%s: %s", key, text.FR)
		}
	}
}

// TestEveryKeyInTheCodeExists reads the Go code of the program: each key that is said or raised as
// a fault has its text; a key made of a prefix and a word has at least one.
func TestEveryKeyInTheCodeExists(t *testing.T) {
	files, said := 0, 0
	for _, root := range []string{"../../../cmd", "../../../internal"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			files++
			fset := token.NewFileSet()
			f, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			for _, k := range keysOf(f) {
				said++
				if !k.exists() {
					t.Errorf("%s: no message %q", fset.Position(k.pos), k.text)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if files < 50 || said < 100 {
		t.Fatalf("read %d files and %d keys: the walk misses the program", files, said)
	}
}

// used is a key as the code writes it, whole or the beginning of one.
type used struct {
	text   string
	prefix bool
	pos    token.Pos
}

func (u used) exists() bool {
	if !u.prefix {
		return Has(u.text)
	}
	for key := range all {
		if strings.HasPrefix(key, u.text) {
			return true
		}
	}
	return false
}

// sayers are the functions whose argument at that place is a key.
var sayers = map[string]int{
	"i18n.Say": 0, "i18n.T": 1, "i18n.Key": 0, "fault.New": 1, "c.t": 0, "bad": 3, "r.bad": 2, "rd.bad": 2,
}

func keysOf(f *ast.File) (out []used) {
	add := func(e ast.Expr) {
		if u, ok := keyIn(e); ok {
			out = append(out, u)
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if i, ok := sayers[name(n.Fun)]; ok && i < len(n.Args) {
				add(n.Args[i])
			}
		case *ast.CompositeLit:
			switch name(n.Type) {
			case "fault.Error", "fault.Problem", "i18n.Said":
				for _, e := range n.Elts {
					if kv, ok := e.(*ast.KeyValueExpr); ok && name(kv.Key) == "Key" {
						add(kv.Value)
					}
				}
			}
		}
		return true
	})
	return out
}

// keyIn is the key of an expression: a literal, or a literal to which something is added.
func keyIn(e ast.Expr) (used, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if s, err := strconv.Unquote(e.Value); err == nil && e.Kind == token.STRING && s != "" {
			return used{text: s, pos: e.Pos()}, true
		}
	case *ast.BinaryExpr:
		if u, ok := keyIn(e.X); ok && e.Op == token.ADD {
			u.prefix = true
			return u, true
		}
	}
	return used{}, false
}

func name(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return name(e.X) + "." + e.Sel.Name
	}
	return ""
}
