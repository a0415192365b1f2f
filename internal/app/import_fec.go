package app

import (
	"fmt"
	"io"

	"relance/internal/domain/bill"
	"relance/internal/domain/cash"
	"relance/internal/domain/dunning"
	"relance/internal/domain/party"
	"relance/internal/format/fec"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// takeFEC takes the customers' side of a general ledger: what each was charged, what is open of
// it, credit notes, and money that settles nothing yet (PRODUCT.md §6).
func (fi *fileImport) takeFEC() error {
	led, err := fec.Read(io.NewSectionReader(fi.src, 0, fi.file.Size))
	if err != nil {
		return err
	}
	fi.rep.FEC = &FECFigures{Customers: len(led.Customers), Entries: len(led.Entries), NetOpen: led.NetOpen, Lettered: led.Lettered}
	fi.rep.warn(led.Warnings...)
	fi.rep.fail(led.Errors...)
	fi.rep.Rejected += len(led.Errors)
	fi.rep.Read += len(led.Errors)
	if !led.Lettered && len(led.Entries) > 0 {
		fi.rep.Doubts = append(fi.rep.Doubts, i18n.Say("import.fec.unlettered"))
	}
	fi.names = map[string]string{}
	for _, c := range led.Customers {
		fi.names[c.Code] = c.Name
	}
	var list []*incoming
	for i := range led.Items {
		list = append(list, fi.ledgerItem(&led.Items[i]))
	}
	for i := range led.Credits {
		if n := led.Credits[i].Note; n != nil {
			list = append(list, &incoming{d: *n, parts: []part{ledgerPart(n)}, estimated: true})
		}
	}
	fi.numbers = make(map[string]bool, len(list))
	for _, in := range list {
		fi.numbers[in.d.Number] = true
	}
	batches := make(chan []*incoming, len(list)/together+1)
	for len(list) > 0 {
		n := min(together, len(list))
		batches <- list[:n]
		list = list[n:]
	}
	close(batches)
	if err := fi.applyAll(batches); err != nil {
		return err
	}
	if err := fi.takeSuppliers(led.Suppliers); err != nil {
		return err
	}
	return fi.takeLedgerMoney(led)
}

// takeSuppliers keeps what is owed to customers who are suppliers too, known by their exact name: a person may then
// set one debt off against the other (C. civ. 1347). The ledger says all there is: what an earlier one said is forgotten.
func (fi *fileImport) takeSuppliers(list []fec.Supplier) error {
	return fi.step(func(m *moment) error {
		if err := m.ForgetSuppliers(m.ctx); err != nil || len(list) == 0 {
			return err
		}
		names := make([]string, len(list))
		for i, s := range list {
			names[i] = s.Name
		}
		who, err := m.CustomersByName(m.ctx, names)
		if err != nil {
			return err
		}
		at := map[string]id.Customer{}
		for _, c := range who {
			at[store.NameKey(c.Name)] = c.ID
		}
		for _, s := range list {
			c, ok := at[store.NameKey(s.Name)]
			if !ok || s.Owed <= 0 {
				continue
			}
			if err := m.SetSupplier(m.ctx, store.Supplier{Customer: c, Owed: money.Euros(s.Owed), Day: m.day, Imported: fi.row.ID}); err != nil {
				return err
			}
		}
		return nil
	})
}

// ledgerPart is the only part of a ledger's document: no due date, what is open of it.
func ledgerPart(d *bill.Draft) part {
	paid := d.Payable.Minor - d.Open.Minor
	return part{line: d.Line, amount: d.Payable.Minor, paid: &paid, settled: d.SettledOn}
}

func (fi *fileImport) ledgerItem(it *fec.Item) *incoming {
	in := &incoming{d: it.Draft, parts: []part{ledgerPart(&it.Draft)}, estimated: true, review: it.Flags.Doubtful}
	hold := func(reason dunning.HoldReason, key string) {
		in.holds = append(in.holds, wanted{reason: reason, from: it.Date, key: key})
	}
	switch {
	case it.Open.IsZero(): // settled: nothing to hold
	case it.Flags.Retention:
		hold(dunning.HoldPause, "import.hold.retention")
	case it.Flags.Bill:
		hold(dunning.HoldBill, "import.hold.bill")
	case it.Flags.Deposit:
		hold(dunning.HoldPause, "import.hold.deposit")
	case it.Flags.Lump:
		hold(dunning.HoldPause, "import.hold.lump")
	}
	if it.Open.IsZero() {
		in.review = false
	}
	return in
}

// takeLedgerMoney records the money of a ledger that settles nothing yet. A later export of which
// less is free, or none, is the same payment again: it settled something meanwhile.
func (fi *fileImport) takeLedgerMoney(led *fec.Ledger) error {
	var free []*fec.Credit
	for i := range led.Credits {
		if c := &led.Credits[i]; c.Payment != nil {
			free = append(free, c)
		}
	}
	for len(free) > 0 {
		n := min(together, len(free))
		if err := fi.step(func(m *moment) error { return fi.applyLedgerMoney(m, free[:n]) }); err != nil {
			return err
		}
		free = free[n:]
	}
	return nil
}

func (fi *fileImport) applyLedgerMoney(m *moment, list []*fec.Credit) error {
	prints := make([]string, len(list))
	for i, c := range list {
		key := fmt.Sprintf("fec:%s\x1f%s\x1f%s\x1f%d\x1f%s", c.Customer, c.Ref, c.Date, c.Amount.Minor, c.Label)
		fi.nth[key]++
		prints[i] = fmt.Sprintf("%s\x1f%d", key, fi.nth[key])
	}
	rows, err := m.PaymentsByFingerprint(m.ctx, prints)
	if err != nil {
		return err
	}
	known := map[string]*store.Payment{}
	for _, p := range rows {
		known[p.Fingerprint] = p
	}
	var codes []string
	for _, c := range list {
		codes = append(codes, c.Customer)
	}
	who, err := customersNamed(m, codes)
	if err != nil {
		return err
	}
	var fresh []*store.Payment
	for i, c := range list {
		s := fi.sumOf(money.EUR)
		s.file -= c.Open.Minor
		if p := known[prints[i]]; p != nil {
			s.ledger -= c.Open.Minor
			if err := fi.moveLedgerMoney(m, p, c.Open.Minor); err != nil {
				return err
			}
			continue
		}
		if c.Open.IsZero() {
			continue
		}
		cu := who[c.Customer]
		if cu == nil { // only money, no invoice: its customer is not known yet
			if cu, err = fi.ledgerCustomer(m, c); err != nil {
				return err
			}
			who[c.Customer] = cu
		}
		fresh = append(fresh, &store.Payment{Payment: cash.Payment{Customer: cu.ID, Date: c.Payment.Date, Amount: c.Open,
			Reference: c.Payment.Reference, Method: c.Payment.Method, Source: cash.Identified}, Fingerprint: prints[i],
			Rest: c.Open.Minor, Imported: fi.row.ID})
		s.ledger -= c.Open.Minor
	}
	for _, p := range fresh {
		fi.touched[p.Customer] = true
	}
	if err := m.InsertPayments(m.ctx, fresh); err != nil {
		return err
	}
	return fi.keepBefore(m)
}

func (fi *fileImport) ledgerCustomer(m *moment, c *fec.Credit) (*party.Customer, error) {
	d := &party.Draft{Code: c.Customer, Name: fi.names[c.Customer]}
	missing, find, err := fi.lookUp(m, []*party.Draft{d})
	if err != nil {
		return nil, err
	}
	if err := fi.createAll(m, missing, find); err != nil {
		return nil, err
	}
	cu, err := m.Customer(m.ctx, fi.debtors.of(d).id)
	return &cu, err
}

// moveLedgerMoney follows what is free of a payment from one export to the next.
func (fi *fileImport) moveLedgerMoney(m *moment, p *store.Payment, open int64) error {
	if p.Rest == open {
		return nil
	}
	fi.remember("payment", int64(p.ID), *p)
	fi.touched[p.Customer] = true
	p.Amount.Minor += open - p.Rest
	p.Rest = open
	return m.SetPayment(m.ctx, p)
}
