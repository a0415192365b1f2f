package store

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// shared are the functions whose statements span companies, or concern none, each with its reason
// (DESIGN.md, house rule 4). Everything else is bound to one company.
var shared = map[string]string{
	"NewID":                 "identifiers are the house's",
	"SkipIDs":               "identifiers are the house's",
	"InsertCompany":         "the company itself",
	"Companies":             "the company itself",
	"Own":                   "the company itself, by its identifier",
	"SetLive":               "the company itself, by its identifier",
	"SetPaymentsOn":         "the company itself, by its identifier",
	"SetTrialTo":            "the company itself, by its identifier",
	"SaveProfile":           "the company itself, by its identifier",
	"DueCompanies":          "the schedule asks for every company",
	"isBare":                "a restore looks for any company",
	"NamedFiles":            "a restore takes every company",
	"openHouse":             "the house's own standing, and its lock",
	"standing":              "the house's own standing",
	"SetStanding":           "the house's own standing",
	"enter":                 "the house's own standing, and its lock",
	"DumpTable":             "a backup takes every company",
	"columns":               "the schema describes itself",
	"InsertUser":            "a person may work in several companies",
	"SetPassword":           "a person",
	"UserByEmail":           "a person",
	"Memberships":           "the companies of a person",
	"InsertSession":         "a session is a person's",
	"Session":               "a session is a person's",
	"SeeSession":            "a session is a person's",
	"DeleteSession":         "a session is a person's",
	"DeleteSessionsOf":      "a session is a person's",
	"DeleteExpiredSessions": "a session is a person's",
	"enqueueLite":           "jobs name their company inside",
	"take":                  "jobs name their company inside",
	"finish":                "jobs name their company inside",
	"Vitals":                "an operator watches the house as a whole",
	"KeptUp":                "the house itself",
	"Schema":                "the schema",
	"loses":                 "the database's own settings",
	"Clock":                 "the database's clock",
	"migrateRiver":          "the schema",
	"Seal":                  "its lock; the statements below carry the company",
	"Record":                "the writer's own transaction",
	"KeepBefore":            "import_before hangs on an import of the company",
	"Deciding":              "its lock is named by the company",
	"heaps":                 "its callers give the condition, company first",
	"arraysInto":            "its columns are its callers'",
	"QuestionByToken":       "who holds a link is let in by it alone",
	"within":                "what a person sees of a table, put before a statement that carries the company",
	"insertOr":              "its columns are its callers'",
}

var statement = regexp.MustCompile(`(?s)^\s*(SELECT|INSERT|UPDATE|DELETE|WITH|WHERE)\b`)

// TestEveryStatementCarriesTheCompany reads the SQL of this room: a statement, or the WHERE that
// completes one, names the company, or its function stands in the list above.
func TestEveryStatementCarriesTheCompany(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	seen, used := 0, map[string]bool{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue // a constant is the head of statements: their WHERE is read where it is added
			}
			ast.Inspect(fn, func(n ast.Node) bool {
				sql, ok := text(n)
				if !ok || !statement.MatchString(sql) {
					return true
				}
				seen++
				// A head ends in a variable: the WHERE that completes it is read where it stands.
				if strings.Contains(sql, "company") || strings.HasSuffix(sql, " … ") {
					return false
				}
				used[fn.Name.Name] = true
				if shared[fn.Name.Name] == "" {
					t.Errorf("%s: %s: a statement without the company: %.80s…", fset.Position(n.Pos()), fn.Name.Name, strings.Join(strings.Fields(sql), " "))
				}
				return false
			})
		}
	}
	if seen < 100 {
		t.Fatalf("only %d statements found: the test looks in the wrong place", seen)
	}
}

// text is a string made of literals and whatever stands between them.
func text(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.BasicLit:
		if n.Kind != token.STRING {
			return "", false
		}
		s, err := strconv.Unquote(n.Value)
		return s, err == nil
	case *ast.BinaryExpr:
		if n.Op != token.ADD {
			return "", false
		}
		a, okA := text(n.X)
		b, okB := text(n.Y)
		return a + " … " + b, okA || okB
	}
	return "", false
}
