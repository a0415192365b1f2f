package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "relance/"

// room is a row of the import table of DESIGN.md: the folders below path may import those of may,
// and their own.
type room struct {
	path string
	may  []string
	why  string
}

var (
	spine  = []string{"internal/domain/org", "internal/domain/party", "internal/domain/journal", "internal/domain/bill", "internal/domain/cash"}
	leaf   = "leaves never meet: the hall introduces them (house rule 1). Let it compute, and pass the result"
	ground = "internal/ground"
)

// table: the first row that fits a folder is its own. Within (org, party, journal), org may read
// party: we and they have the same kind of address.
var table = []room{
	{ground, nil, "the ground carries the house, it knows nothing of it"},
	{"internal/domain/org", spine[1:2], "the spine grows one way: (org, party, journal) < bill < cash"},
	{"internal/domain/party", nil, "the spine grows one way: (org, party, journal) < bill < cash"},
	{"internal/domain/journal", nil, "the spine grows one way: (org, party, journal) < bill < cash"},
	{"internal/domain/bill", spine[:3], "the spine grows one way: (org, party, journal) < bill < cash"},
	{"internal/domain/cash", spine[:4], "the spine grows one way: (org, party, journal) < bill < cash"},
	{"internal/domain/rate", spine, leaf},
	{"internal/domain/dunning", spine, leaf},
	{"internal/domain/letter", spine, leaf},
	{"internal/domain/dispute", spine, leaf},
	{"internal/domain/promise", spine, leaf},
	{"internal/domain/bank", spine, leaf},
	{"internal/domain/litigation", spine, leaf},
	{"internal/domain/report", spine, leaf},
	{"internal/format/scenario", append([]string{"internal/format", "internal/domain/dunning"}, spine...), "a letterbox slot turns bytes into drafts, it decides nothing"},
	{"internal/format", []string{"internal/domain/org", "internal/domain/party", "internal/domain/bill", "internal/domain/cash", "internal/domain/bank"},
		"a letterbox slot turns bytes into drafts, it decides nothing"},
	{"internal/store", []string{"internal/domain"}, "the cellar keeps what the domain made; it calls nobody"},
	{"internal/secret", nil, "sealing knows nothing of what it seals"},
	{"internal/gateway/smtp", []string{"internal/domain/letter"}, "a pipe carries a message; the hall reaches it through ports.go"},
	{"internal/gateway/imap", []string{"internal/domain/letter"}, "a pipe carries a message; the hall reaches it through ports.go"},
	{"internal/gateway/pdf", []string{"internal/domain/letter"}, "a pipe carries a message; the hall reaches it through ports.go"},
	{"internal/gateway/post", []string{"internal/domain/letter"}, "a pipe carries a message; the hall reaches it through ports.go"},
	{"internal/gateway/psp", []string{"internal/domain/letter"}, "a pipe carries a message; the hall reaches it through ports.go"},
	{"internal/gateway/logs", nil, "a pipe that watches is told kinds and counts (ground/watch), it knows nothing of debts"},
	{"internal/gateway/meter", nil, "a pipe that watches is told kinds and counts (ground/watch), it knows nothing of debts"},
	{"internal/gateway/trace", nil, "a pipe that watches is told kinds and counts (ground/watch), it knows nothing of debts"},
	{"internal/app", []string{"internal/domain", "internal/store", "internal/format"}, "the hall knows pipes by its ports and doors not at all"},
	{"internal/page", nil, "the HTML kit shows what it is given"},
	{"internal/web", []string{"internal/app", "internal/page", "internal/domain"}, "a door asks the hall; it opens neither cellar, pipes nor another door"},
	{"internal/portal", []string{"internal/app", "internal/page", "internal/domain"}, "a door asks the hall; it opens neither cellar, pipes nor another door"},
	{"internal/api", []string{"internal/app", "internal/domain", "internal/wire"}, "a door asks the hall; it opens neither cellar, pipes nor another door"},
	{"internal/jobs", []string{"internal/app", "internal/domain"}, "a door asks the hall; it opens neither cellar, pipes nor another door"},
	{"internal/wire", []string{"internal/domain"}, "the JSON shapes are written from the domain alone"},
	{"internal/demo", []string{"internal/app", "internal/gateway/smtp/catch", "internal/format/mime", "internal/domain"}, "the demo plays with the hall, as a door does"},
	{"internal/bench", []string{"internal"}, "a command of its own: it measures every room"},
	{"internal/archtest", nil, "the warden lives alone"},
	{"cmd", []string{"internal"}, "commands are started, never imported"},
}

// within tells whether a folder is another or below it.
func within(path, of string) bool { return path == of || strings.HasPrefix(path, of+"/") }

func roomOf(path string) (room, bool) {
	i := slices.IndexFunc(table, func(r room) bool { return within(path, r.path) })
	if i < 0 {
		return room{}, false
	}
	return table[i], true
}

// refuse gives the reason why one folder may not import another, "" when it may.
func refuse(from, to string) string {
	r, ok := roomOf(from)
	switch {
	case !ok:
		return "the folder has no row in the table of DESIGN.md: say what it knows, then add it"
	case within(to, "cmd") && !within(from, "cmd"):
		return "commands are started, never imported"
	case within(to, r.path), within(to, ground):
		return ""
	case slices.ContainsFunc(r.may, func(m string) bool { return within(to, m) }):
		return ""
	}
	return r.why
}

// outside are the packages of the world that a floor may not touch.
var outside = []struct {
	floor   string
	imports []string
	why     string
}{
	{"internal/domain", []string{"database/sql", "net", "net/http", "os", "os/exec", "encoding/json", "log", "log/slog"},
		"the domain is pure: no I/O, no SQL, no JSON (DESIGN.md, floors and rooms)"},
	{ground, []string{"database/sql", "net", "net/http", "os", "os/exec", "log", "log/slog"}, "the ground is pure: no I/O"},
	{"internal/format", []string{"database/sql", "net", "net/http", "os", "os/exec", "log", "log/slog"}, "a letterbox slot takes an io.Reader: no files, no network"},
	{"internal/app", []string{"net/http", "database/sql"}, "the hall does not know how doors and databases speak"},
}

// testRooms are the rooms that only tests enter: they open files and servers for them.
var testRooms = []string{"internal/format/corpus", "internal/store/storetest"}

// clockless are the floors that are given the day and the instant (house rule 3).
var clockless = []string{ground, "internal/domain", "internal/format", "internal/store", "internal/gateway/pdf"}

// each parses every file of the program that is not a test.
func each(t *testing.T, fn func(dir, pos string, f *ast.File, fset *token.FileSet)) {
	t.Helper()
	root := filepath.Join("..", "..")
	n := 0
	for _, top := range []string{"cmd", "internal"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(path string, e fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if e.IsDir() && e.Name() == "testdata" {
				return filepath.SkipDir
			}
			if e.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return nil
			}
			fset := token.NewFileSet()
			f, err := parser.ParseFile(fset, path, nil, parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			rel, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			n++
			rel = filepath.ToSlash(rel)
			fn(rel[:strings.LastIndexByte(rel, '/')], rel, f, fset)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if n < 100 {
		t.Fatalf("only %d files found: the test looks in the wrong place", n)
	}
}

func TestImports(t *testing.T) {
	each(t, func(dir, file string, f *ast.File, _ *token.FileSet) {
		for _, i := range f.Imports {
			path, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if to, ours := strings.CutPrefix(path, module); ours {
				if why := refuse(dir, to); why != "" {
					t.Errorf("%s imports %s: %s", file, to, why)
				}
				continue
			}
			for _, o := range outside {
				if within(dir, o.floor) && slices.Contains(o.imports, path) && !slices.Contains(testRooms, dir) {
					t.Errorf("%s imports %s: %s", file, path, o.why)
				}
			}
		}
	})
}

func TestNoClockBelowTheHall(t *testing.T) {
	each(t, func(dir, file string, f *ast.File, fset *token.FileSet) {
		if !slices.ContainsFunc(clockless, func(c string) bool { return within(dir, c) }) {
			return
		}
		ast.Inspect(f, func(n ast.Node) bool {
			s, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := s.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains([]string{"Now", "Since", "Until"}, s.Sel.Name) {
				t.Errorf("%s:%d reads the clock: it is read once, at the door, and passed (house rule 3)", file, fset.Position(s.Pos()).Line)
			}
			return true
		})
	})
}

// Registration by init hides what a program does: there is one list of each thing (house rule 10).
func TestNoInit(t *testing.T) {
	each(t, func(_, file string, f *ast.File, _ *token.FileSet) {
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				t.Errorf("%s has an init function: make an explicit list instead (house rule 10)", file)
			}
		}
	})
}

// Every package says what it knows and what it refuses to know (house rule 11).
func TestEveryPackageHasItsDoc(t *testing.T) {
	docs := map[string]bool{}
	each(t, func(dir, file string, f *ast.File, _ *token.FileSet) {
		docs[dir] = docs[dir] || strings.HasSuffix(file, "/doc.go") && f.Doc.Text() != ""
	})
	for dir, ok := range docs {
		if !ok {
			t.Errorf("%s has no doc.go that says what it knows", dir)
		}
	}
}

// The table refuses what the page says, and lets through what it allows.
func TestTheTableItself(t *testing.T) {
	for _, c := range []struct {
		from, to string
		may      bool
	}{
		{"internal/domain/letter", "internal/domain/rate", false},
		{"internal/domain/letter", "internal/domain/cash", true},
		{"internal/domain/bill", "internal/domain/cash", false},
		{"internal/domain/cash", "internal/domain/bill", true},
		{"internal/format/fec", "internal/domain/dunning", false},
		{"internal/format/scenario", "internal/domain/dunning", true},
		{"internal/format/fec", "internal/format/charset", true},
		{"internal/store", "internal/app", false},
		{"internal/store/blob", "internal/store", true},
		{"internal/gateway/pdf", "internal/gateway/smtp", false},
		{"internal/gateway/pdf", "internal/store", false},
		{"internal/app", "internal/gateway/smtp", false},
		{"internal/app", "internal/web", false},
		{"internal/web", "internal/portal", false},
		{"internal/web", "internal/store", false},
		{"internal/api", "internal/wire", true},
		{"internal/jobs", "internal/wire", false},
		{"internal/demo", "internal/gateway/smtp/catch", true},
		{"internal/demo", "internal/gateway/smtp", false},
		{"internal/demo", "internal/web", false},
		{"internal/bench", "internal/gateway/pdf", true},
		{"internal/ground/cal", "internal/domain/org", false},
		{"internal/wire", "internal/app", false},
		{"internal/util", "internal/ground/cal", false},
		{"internal/app", "cmd/relance", false},
		{"cmd/relance", "internal/gateway/smtp", true},
	} {
		if why := refuse(c.from, c.to); (why == "") != c.may {
			t.Errorf("%s → %s: %s", c.from, c.to, fmt.Sprintf("got %q, may is %v", why, c.may))
		}
	}
}
