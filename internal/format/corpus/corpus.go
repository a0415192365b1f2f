package corpus

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
)

// Variable names the folder of other people's files that the tests read (see CONTRIBUTING).
const Variable = "RELANCE_TESTDATA"

// Run runs a test over a folder of the corpora. Without the variable nothing is registered, and
// one line says so; a folder that is named and missing is a failure.
func Run(t *testing.T, folder string, test func(t *testing.T, dir string)) {
	t.Helper()
	root := os.Getenv(Variable)
	if root == "" {
		fmt.Printf("%s: %s is not set, the files of %s are not read\n", t.Name(), Variable, folder)
		return
	}
	dir := filepath.Join(root, filepath.FromSlash(folder))
	if _, err := os.Stat(dir); err != nil {
		t.Fatalf("%s is set, but %v", Variable, err)
	}
	t.Run("corpus", func(t *testing.T) { test(t, dir) })
}

// Files lists the files below a folder with one of the extensions, by relative name; none at all
// is a failure.
func Files(t *testing.T, dir string, exts ...string) []string {
	t.Helper()
	var list []string
	err := filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		for _, x := range exts {
			if strings.EqualFold(filepath.Ext(p), x) {
				rel, err := filepath.Rel(dir, p)
				list = append(list, filepath.ToSlash(rel))
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(list) == 0 {
		t.Fatalf("no file %v in %s", exts, dir)
	}
	sort.Strings(list)
	return list
}
