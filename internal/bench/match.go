package main

import (
	"bufio"
	"fmt"
	"path/filepath"

	"relance/internal/app"
	"relance/internal/domain/bank"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// matching measures what bank lines pay: one line for every three open items, each citing a number and its amount. First the
// decision alone, against the ledger as it is read; then a statement of them taken in whole, with its payments.
func (b *bench) matching() error {
	n := b.n / 3
	lines := make([]bank.Line, n)
	for i := range lines {
		k := i * 3
		lines[i] = bank.Line{Amount: int64(100+k%900)*100 + int64(k%100), Text: fmt.Sprintf("VIR SEPA FACTURE F%d MERCI", k),
			Payer: bank.Party{Name: fmt.Sprintf("CLIENT NUMERO %d", k%(b.n/5))}}
	}
	plain, err := b.plainRead(`SELECT sum(i.open + length(d.number)) FROM item i JOIN invoice d ON d.id = i.invoice WHERE i.company = 1 AND i.open <> 0`)
	if err != nil {
		return err
	}
	sure := 0
	m, err := b.measure(func() error {
		return b.profiled("match", func() error {
			return b.store.View(b.ctx, 1, func(tx *store.Tx) error {
				debtors, err := tx.Debtors(b.ctx)
				if err != nil {
					return err
				}
				open, err := tx.OpenToMatch(b.ctx, nil)
				if err != nil {
					return err
				}
				book := bank.NewBook(bank.Rules{}, debtors, open, nil)
				for i := range lines {
					if v := book.Match(day, money.EUR, &lines[i]); v.Sure {
						sure++
						book.Apply(v.Proposals[0])
					}
				}
				return nil
			})
		})
	})
	if err != nil {
		return err
	}
	b.add("match, the decision", n, m, plain, fmt.Sprintf("the open items read; %d of %d sure, against %d items", sure, n, b.n))
	return b.statement(lines)
}

// statement measures the same lines as a file: read, kept, matched, paid.
func (b *bench) statement(all []bank.Line) error {
	name := filepath.Join(b.dir, "statement.csv")
	if err := writeLines(name, all); err != nil {
		return err
	}
	plain, err := b.plainRows(3 * len(all))
	if err != nil {
		return err
	}
	set, err := app.FilesAt([]string{name})
	if err != nil {
		return err
	}
	defer set.Close()
	var rep *app.ImportReport
	m, err := b.measure(func() error {
		return b.profiled("bank", func() error {
			rep, err = b.desk.Import(b.ctx, set.Files, app.ImportOptions{Kind: app.ImportBank, Summary: true})
			return err
		})
	})
	if err != nil {
		return err
	}
	if err := rep.Failure(); err != nil {
		return err
	}
	b.add("bank statement taken in", len(all), m, plain, fmt.Sprintf("a line, a payment and what it settles, by hand; %+v", *rep.Files[0].Matched))
	return nil
}

func writeLines(name string, all []bank.Line) error {
	return lines(name, func(w *bufio.Writer) {
		fmt.Fprintln(w, "Date;Libellé;Montant;Nom")
		for _, l := range all {
			fmt.Fprintf(w, "%s;%s;%d,%02d;%s\n", day, l.Text, l.Amount/100, l.Amount%100, l.Payer.Name)
		}
	})
}
