package app

import (
	"bytes"
	"context"
	"strings"

	"relance/internal/format/table"
	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// SearchBank shows lines: those in a state ("" for all) that a word finds, a payer, a text, an amount, an invoice; all of
// them without a word.
func (d *Desk) SearchBank(ctx context.Context, state, search string, offset, limit int) (v *BankView, err error) {
	v = &BankView{}
	search = strings.TrimSpace(search)
	err = d.view(ctx, func(tx *store.Tx) (err error) {
		if v.Counts, err = tx.CountBankLines(ctx); err != nil {
			return err
		}
		if v.Statements, err = tx.BankStatements(ctx, shownStatements); err != nil {
			return err
		}
		var rows []*store.BankLine
		switch {
		case search != "":
			rows, err = tx.FindBankLines(ctx, store.LineQuery{State: state, Search: search, Amount: amountIn(search), Offset: offset, Limit: limit})
		case state == store.LineOpen:
			rows, err = tx.OpenLines(ctx, offset, limit)
		default:
			rows, err = tx.BankLines(ctx, state, offset, limit)
		}
		if err != nil {
			return err
		}
		v.Lines, err = lineViews(ctx, tx, rows)
		return err
	})
	return v, err
}

// shownStatements is how many statements a page of the account shows, the last ones.
const shownStatements = 12

// amountIn is the amount that a word may be, without its sign; 0 for none. Most currencies have cents.
func amountIn(search string) int64 {
	a, err := money.ParseHuman(search, money.EUR, money.Comma)
	if err != nil {
		a, err = money.ParseHuman(search, money.EUR, money.Dot)
	}
	if err != nil {
		return 0
	}
	return max(a.Minor, -a.Minor)
}

// linesAtOnce is how many lines are read at once to be written as a table.
const linesAtOnce = 1000

// LinesTable gives the lines in a state that a word finds as a table: XLSX when the name says so, else CSV.
func (d *Desk) LinesTable(ctx context.Context, name string, l i18n.Lang, state, search string) ([]byte, error) {
	var failed error
	rows := func(yield func([]table.Cell) bool) {
		for at := 0; ; at += linesAtOnce {
			v, err := d.SearchBank(ctx, state, search, at, linesAtOnce)
			if err != nil {
				failed = err
				return
			}
			for _, x := range v.Lines {
				if !yield(lineCells(l, x)) {
					return
				}
			}
			if len(v.Lines) < linesAtOnce {
				return
			}
		}
	}
	var head []string
	for _, col := range []string{"booked", "value", "account", "payer", "iban", "text", "amount", "currency", "state", "by", "customer", "name", "invoices"} {
		head = append(head, i18n.T(l, "app.lines."+col))
	}
	var b bytes.Buffer
	if err := writeTable(&b, name, l, i18n.T(l, "app.lines.title"), head, rows); err != nil {
		return nil, err
	}
	return b.Bytes(), failed
}

func lineCells(l i18n.Lang, x LineView) []table.Cell {
	var invoices []string
	for _, s := range x.Settles {
		invoices = appendNew(invoices, s.Invoice)
	}
	by := x.DecidedBy
	if by == "auto" {
		by = i18n.T(l, "app.lines.auto")
	}
	return []table.Cell{table.Day(x.Booked), table.Day(x.Value), table.Text(x.Account), table.Text(x.Payer.Name), table.Text(x.Payer.IBAN),
		table.Text(strings.Join(strings.Fields(x.Text), " ")), table.Money(money.Of(x.Amount, x.Currency)), table.Text(string(x.Currency)),
		table.Text(i18n.T(l, "app.lines."+x.State)), table.Text(by), table.Text(x.Customer.Code), table.Text(x.Customer.Name),
		table.Text(strings.Join(invoices, ", "))}
}
