package app

import (
	"bytes"
	"context"
	"fmt"
	"testing"
)

// invoicesCSV writes n open invoices over n/5 customers.
func invoicesCSV(n int) []byte {
	var b bytes.Buffer
	b.WriteString("number,issued,due,amount,currency,customer,customer_name,paid\n")
	for i := range n {
		fmt.Fprintf(&b, "F-%07d,2026-%02d-%02d,2026-%02d-%02d,%d.%02d,EUR,C%06d,Customer %d,\n", i, 1+i%9, 1+i%28, 2+i%9, 1+i%28,
			10+i*7919%5000, i%100, i/5, i/5)
	}
	return b.Bytes()
}

// BenchmarkImport takes 100,000 invoices in, then the same file again.
func BenchmarkImport(b *testing.B) {
	const n = 100_000
	file := FileIn("invoices.csv", invoicesCSV(n))
	for b.Loop() {
		l := newLetterbox(b)
		for range 2 {
			r, err := l.d.Import(context.Background(), []ImportFile{file}, ImportOptions{Kind: ImportInvoices, Summary: true})
			if err != nil {
				b.Fatal(err)
			}
			if f := r.Files[0]; f.Read != n || f.Created+f.Unchanged != n {
				b.Fatal(counts(f))
			}
		}
	}
	b.ReportMetric(float64(b.N)*n/b.Elapsed().Seconds(), "invoices/s")
}
