package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain makes the true program a command of the scripts.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"relance": main})
}

// TestScripts runs testdata/script/*.txtar: what a person types and what the program answers.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("LC_ALL", "en_GB.UTF-8")
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("XDG_DATA_HOME", e.WorkDir+"/data")
			return nil
		},
		UpdateScripts: os.Getenv("UPDATE") != "",
	})
}
