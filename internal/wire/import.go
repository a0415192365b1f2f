package wire

import (
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
)

// Import answers `import` for one file. With --summary the arrays are left out.
type Import struct {
	File           string           `json:"file"`
	Kind           string           `json:"kind,omitempty"`
	Format         string           `json:"format,omitempty"`
	Program        string           `json:"program,omitempty"` // that wrote the file, where its titles tell
	ID             int64            `json:"import,omitempty"`  // for `import undo`
	DryRun         bool             `json:"dry_run,omitempty"`
	Read           int              `json:"read"`
	Created        int              `json:"created"`
	Updated        int              `json:"updated"`
	Unchanged      int              `json:"unchanged"`
	Rejected       int              `json:"rejected"`
	Settled        int              `json:"settled"`
	Reopened       int              `json:"reopened"`
	Cancelled      int              `json:"reminders_cancelled"`
	Customers      *int             `json:"customers,omitempty"` // FEC
	Entries        *int             `json:"entries,omitempty"`   // FEC: lines on 411 accounts
	NetOpen        *int64           `json:"net_open,omitempty"`  // FEC: debits − credits of the 411 accounts
	Bank           *ImportBank      `json:"bank,omitempty"`      // statements
	Matched        *Matched         `json:"matched,omitempty"`   // what bank lines were found to pay
	Absent         []Absent         `json:"absent,omitzero"`     // snapshots: settled because they are gone
	Invoices       []ImportInvoice  `json:"invoices,omitzero"`
	Warnings       []ImportProblem  `json:"warnings,omitzero"`
	Errors         []ImportProblem  `json:"errors,omitzero"`
	Reconciliation []Reconciliation `json:"reconciliation,omitempty"`
	Notes          []string         `json:"notes,omitempty"`
	Snapshot       bool             `json:"snapshot_proposed,omitempty"`
	Summary        string           `json:"summary,omitempty"`
	Error          string           `json:"error,omitempty"` // of several files: why this one could not be read
	Message        string           `json:"message,omitempty"`
}

// Imports answers `import` for several files: their sums, then each.
type Imports struct {
	Read      int      `json:"read"`
	Created   int      `json:"created"`
	Updated   int      `json:"updated"`
	Unchanged int      `json:"unchanged"`
	Rejected  int      `json:"rejected"`
	Settled   int      `json:"settled"`
	Reopened  int      `json:"reopened"`
	Cancelled int      `json:"reminders_cancelled"`
	DryRun    bool     `json:"dry_run,omitempty"`
	Files     []Import `json:"files"`
}

// Add counts one file.
func (s *Imports) Add(i Import) {
	s.Read += i.Read
	s.Created += i.Created
	s.Updated += i.Updated
	s.Unchanged += i.Unchanged
	s.Rejected += i.Rejected
	s.Settled += i.Settled
	s.Reopened += i.Reopened
	s.Cancelled += i.Cancelled
	s.Files = append(s.Files, i)
}

// ImportInvoice is an invoice as the file asserts it; open is what the ledger holds afterwards.
type ImportInvoice struct {
	Number    string         `json:"number"`
	Kind      string         `json:"kind"`
	Issued    cal.Date       `json:"issued"`
	Due       []cal.Date     `json:"due"`
	DueSource string         `json:"due_source"`
	Currency  money.Currency `json:"currency"`
	Total     int64          `json:"total"`
	Prepaid   int64          `json:"prepaid"`
	Payable   int64          `json:"payable"`
	Open      int64          `json:"open"`
	Customer  string         `json:"customer"`
	Outcome   string         `json:"outcome"` // created, updated, unchanged
}

// ImportProblem is what is wrong or doubtful at one place of a file.
type ImportProblem struct {
	Line    int    `json:"line"`
	Field   string `json:"field"`
	Value   string `json:"value,omitempty"`
	Code    string `json:"code"` // stable, for scripts
	Message string `json:"message"`
}

// Absent is an invoice that a list of open items no longer holds.
type Absent struct {
	Number   string         `json:"number"`
	Customer string         `json:"customer"`
	Currency money.Currency `json:"currency"`
	Open     int64          `json:"open"`
}

// Reconciliation compares what the file says is owed with the ledger.
type Reconciliation struct {
	Currency    money.Currency `json:"currency"`
	File        int64          `json:"file"`
	Ledger      int64          `json:"ledger"`
	Difference  int64          `json:"difference"`
	Account     int64          `json:"account"`
	Differences []Difference   `json:"differences,omitempty"`
	More        int            `json:"more,omitempty"`
	Line        string         `json:"line"`
}

// Difference is one invoice on which file and ledger disagree.
type Difference struct {
	Number   string `json:"number"`
	Customer string `json:"customer,omitempty"`
	File     int64  `json:"file"`
	Ledger   int64  `json:"ledger"`
	Why      string `json:"why"`
}

// ImportProblems says problems in a language; never nil, so that the array is always there.
func ImportProblems(l i18n.Lang, list []fault.Problem) []ImportProblem {
	out := make([]ImportProblem, len(list))
	for i, p := range list {
		out[i] = ImportProblem{Line: p.Line, Field: p.Field, Value: p.Value, Code: p.Key, Message: i18n.T(l, p.Key, p.Args...)}
	}
	return out
}

// ImportListed is one line of `import list`.
type ImportListed struct {
	ID       int64  `json:"import"`
	At       string `json:"at"`
	Kind     string `json:"kind"`
	File     string `json:"file"`
	SHA256   string `json:"sha256"`
	Actor    string `json:"actor"`
	Snapshot bool   `json:"snapshot,omitempty"`
	State    string `json:"state"` // running, done, undone
}

// ImportUndone answers `import undo`.
type ImportUndone struct {
	ID      int64    `json:"import"`
	File    string   `json:"file"`
	Deleted int      `json:"deleted"`
	Kept    []string `json:"kept"` // invoices that were chased or paid since
}
