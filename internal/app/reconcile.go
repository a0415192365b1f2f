package app

import (
	"slices"

	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// Reconciliation compares, in one currency, what a file says is owed with what the ledger holds
// of the same invoices; every difference is listed. Amounts are minor units, credits negative.
type Reconciliation struct {
	Currency    money.Currency `json:"currency"`
	File        int64          `json:"file"`       // owed by the file's word, refused lines too
	Ledger      int64          `json:"ledger"`     // open on the same invoices
	Difference  int64          `json:"difference"` // File − Ledger
	Account     int64          `json:"account"`    // what all customers owe on the whole
	Differences []Difference   `json:"differences,omitempty"`
	More        int            `json:"more,omitempty"` // differences beyond the list
}

// Difference is one invoice on which file and ledger disagree, and why.
type Difference struct {
	Number   string `json:"number"`
	Customer string `json:"customer,omitempty"`
	Key      string `json:"why"` // message key
	File     int64  `json:"file"`
	Ledger   int64  `json:"ledger"`
}

// fileSum adds up one currency of a file.
type fileSum struct {
	file, ledger int64
	differences  []Difference
	more         int
}

// maxDifferences bounds the differences that are listed; all are counted.
const maxDifferences = 1000

func (fi *fileImport) sumOf(c money.Currency) *fileSum {
	s := fi.sums[string(c)]
	if s == nil {
		s = &fileSum{}
		fi.sums[string(c)] = s
	}
	return s
}

// sum counts what the file says is owed.
func (fi *fileImport) sum(in *incoming) {
	if in.d.Payable.Currency != "" {
		fi.sumOf(in.d.Payable.Currency).file += signed(in.d.Kind, in.owes())
	}
}

// differ lists a difference.
func (fi *fileImport) differ(c money.Currency, d Difference) {
	s := fi.sumOf(c)
	if len(s.differences) >= maxDifferences {
		s.more++
		return
	}
	s.differences = append(s.differences, d)
}

// matched counts an invoice that was taken, and tells when the ledger says another balance.
func (fi *fileImport) matched(in *incoming, doc *store.Doc) {
	file, ledger := signed(doc.Kind, in.owes()), signed(doc.Kind, openOf(doc))
	fi.sumOf(doc.Currency).ledger += ledger
	if file == ledger {
		return
	}
	key := "import.differs.payments"
	if _, asserts := in.paid(); !asserts && !in.openOnly {
		key = "import.differs.unstated"
	}
	fi.differ(doc.Currency, Difference{Number: doc.Number, Customer: in.d.Customer.Code, Key: key, File: file, Ledger: ledger})
}

// reconcile closes the account of a file.
func (fi *fileImport) reconcile(m *moment) error {
	balances, err := m.Balances(m.ctx)
	if err != nil {
		return err
	}
	net := map[money.Currency]int64{}
	for _, b := range balances {
		net[b.Currency] = b.Net()
	}
	for c, s := range fi.sums {
		slices.SortFunc(s.differences, func(a, b Difference) int {
			if a.Number < b.Number {
				return -1
			}
			return 1
		})
		fi.rep.Reconciliation = append(fi.rep.Reconciliation, Reconciliation{Currency: money.Currency(c), File: s.file, Ledger: s.ledger,
			Difference: s.file - s.ledger, Account: net[money.Currency(c)], Differences: s.differences, More: s.more})
	}
	slices.SortFunc(fi.rep.Reconciliation, func(a, b Reconciliation) int {
		if a.Currency < b.Currency {
			return -1
		}
		return 1
	})
	return nil
}

// Say is the reconciliation in one line.
func (r Reconciliation) Say() i18n.Said {
	return i18n.Say("import.reconciliation", money.Of(r.File, r.Currency), money.Of(r.Ledger, r.Currency),
		money.Of(r.Difference, r.Currency), money.Of(r.Account, r.Currency))
}

// importSummary is what is kept of an import's report.
type importSummary struct {
	Format         string           `json:"format"`
	Read           int              `json:"read"`
	Created        int              `json:"created"`
	Updated        int              `json:"updated"`
	Unchanged      int              `json:"unchanged"`
	Rejected       int              `json:"rejected"`
	Settled        int              `json:"settled"`
	Reopened       int              `json:"reopened"`
	Cancelled      int              `json:"reminders_cancelled"`
	Warned         int              `json:"warned,omitempty"`
	FEC            *FECFigures      `json:"fec,omitempty"`
	Reconciliation []Reconciliation `json:"reconciliation"`
}

func (fi *fileImport) summary() importSummary {
	r := fi.rep
	return importSummary{r.Format, r.Read, r.Created, r.Updated, r.Unchanged, r.Rejected, r.Settled, r.Reopened, r.Cancelled, r.warned, r.FEC, r.Reconciliation}
}
