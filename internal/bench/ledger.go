package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"

	"relance/internal/app"
	"relance/internal/domain/org"
	"relance/internal/ground/cal"
)

// day is the Monday on which the measured ledger is decided.
var day = cal.MustParse("2026-11-23")

// write makes the ledger of PRODUCT.md §9: n open overdue items over n/5 customers, three levels.
func (b *bench) write() (customers, invoices string, err error) {
	customers, invoices = filepath.Join(b.dir, "customers.csv"), filepath.Join(b.dir, "invoices.csv")
	if err := lines(customers, func(w *bufio.Writer) {
		fmt.Fprintln(w, "code;name;kind;address;postcode;city;email")
		for i := range b.n / 5 {
			fmt.Fprintf(w, "C%d;Client numéro %d;PRO;%d rue de la Paix;75002;Paris;compta%d@client.example\n", i, i, i%200+1, i)
		}
	}); err != nil {
		return "", "", err
	}
	err = lines(invoices, func(w *bufio.Writer) {
		fmt.Fprintln(w, "number;issued;due;amount;customer;last_level;last_reminded_on")
		for i := range b.n {
			level := i / 5 % 3
			due := day.AddDays(-[]int{12, 30, 45}[level] - i%3)
			last := ";"
			if level > 0 {
				last = fmt.Sprintf("%d;%s", level, day.AddDays(-20))
			}
			fmt.Fprintf(w, "F%d;%s;%s;%d.%02d;C%d;%s\n", i, due.AddDays(-30), due, 100+i%900, i%100, i%(b.n/5), last)
		}
	})
	return customers, invoices, err
}

func lines(name string, fn func(w *bufio.Writer)) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	fn(w)
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Close()
}

// settled adds invoices that are paid, so that 30 % are open.
func (b *bench) settled() error {
	name := filepath.Join(b.dir, "settled.csv")
	if err := lines(name, func(w *bufio.Writer) {
		fmt.Fprintln(w, "number;issued;due;amount;paid;settled_on;customer")
		for i := range b.n * 7 / 3 {
			due := day.AddDays(-60 - i%300)
			fmt.Fprintf(w, "S%d;%s;%s;%[4]d.%02[5]d;%[4]d.%02[5]d;%[6]s;C%[7]d\n", i, due.AddDays(-30), due, 100+i%900, i%100, due.AddDays(i%30), i%(b.n/5))
		}
	}); err != nil {
		return err
	}
	plain, err := b.plainRows(4 * (b.n * 7 / 3)) // an invoice, its item, a payment and what it settles
	if err != nil {
		return err
	}
	m, err := b.measure(func() error {
		return b.profiled("settled", func() error { return b.take("invoices", name) })
	})
	if err != nil {
		return err
	}
	b.add("import, paid invoices", b.n*7/3, m, plain, "the rows alone, by hand")
	return nil
}

// take brings a file or a folder of the measured company in.
func (b *bench) take(kind app.ImportKind, name string) error { return take(b.ctx, b.desk, kind, name) }

func take(ctx context.Context, d *app.Desk, kind app.ImportKind, name string) error {
	set, err := app.FilesAt([]string{name})
	if err != nil {
		return err
	}
	defer set.Close()
	rep, err := d.Import(ctx, set.Files, app.ImportOptions{Kind: kind, Summary: true})
	if err != nil {
		return err
	}
	return rep.Failure()
}

// importing measures the import, and the same file again; the plain limit is writing the same rows
// by hand-made statements, nothing looked up or checked.
func (b *bench) importing() error {
	customers, invoices, err := b.write()
	if err != nil {
		return err
	}
	co, err := b.app.CreateCompany(b.ctx, "BENCH", org.Profile{Name: "Bench", IBAN: "FR7630006000011234567890189"})
	if err != nil {
		return err
	}
	b.desk = b.app.As(app.System(co.ID, "bench"))
	if err := b.take("customers", customers); err != nil {
		return err
	}
	plain, err := b.plainRows(2 * b.n) // an invoice and its item
	if err != nil {
		return err
	}
	m, err := b.measure(func() error {
		return b.profiled("import", func() error { return b.take("invoices", invoices) })
	})
	if err != nil {
		return err
	}
	b.add("import", b.n, m, plain, "the rows alone, by hand")
	again, err := b.measure(func() error { return b.take("invoices", invoices) })
	if err != nil {
		return err
	}
	b.add("import, same file again", b.n, again, plain, "the rows alone, by hand")
	return nil
}
