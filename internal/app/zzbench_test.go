package app

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"
)

func TestZZBig(t *testing.T) {
	p := os.Getenv("BIGCSV")
	if p == "" {
		return
	}
	l := newLetterbox(t)
	for i := 0; i < 2; i++ {
		set, err := FilesAt([]string{p})
		if err != nil {
			t.Fatal(err)
		}
		at := time.Now()
		r, err := l.d.Import(context.Background(), set.Files, ImportOptions{Kind: ImportInvoices, Summary: true})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Println(time.Since(at), counts(r.Files[0])[:60])
	}
}
