package letter

import "strings"

// BlockKind is what a block of a message is.
type BlockKind uint8

// The blocks: what HTML, plain text and paper all know how to show.
const (
	Heading   BlockKind = iota // Runs
	Paragraph                  // Runs
	List                       // Items
	Table                      // Table
	Payment                    // Payment
)

// Block is one part of a message, already in the reader's language. Its texts are plain: each
// output escapes them for itself.
type Block struct {
	Kind    BlockKind
	Runs    []Run
	Items   [][]Run
	Ordered bool
	Table   *InvoiceTable
	Payment *PaymentBox
}

// Run is a stretch of text in one style. Break starts a new line before it.
type Run struct {
	Text   string
	Bold   bool
	Italic bool
	Break  bool
	Link   string // http, https, mailto or tel
}

// plain joins runs without their styles.
func plain(rs []Run) string {
	var b strings.Builder
	for _, r := range rs {
		if r.Break {
			b.WriteByte('\n')
		}
		b.WriteString(r.Text)
	}
	return b.String()
}

// InvoiceTable is a table of items, every cell written in the reader's language.
type InvoiceTable struct {
	Title  string
	Head   Row
	Rows   []Row
	Totals []Line
	Notes  []string // below the totals: mentions outside the total, contested parts
}

// Row is one item. Late and Level are empty in a table of items that are not due.
type Row struct {
	Number, Issued, Due, Late, Amount, Paid, Open, Level string
	Label                                                string // kind, instalment, order, when it is not a plain invoice
	Summary                                              string // one line for narrow screens: issued, due and days late in words
	Detail                                               string // one line for narrow screens: original amount and paid, when they differ from Open
	Note                                                 string // the contested part
}

// Line is a label and a figure.
type Line struct {
	Label, Value string
	Strong       bool
}

// PaymentBox is how to pay.
type PaymentBox struct {
	Title  string
	Lines  []Line // amount, date, beneficiary, IBAN, BIC, reference
	Cheque string // one sentence, "" when cheques are not taken
	Notes  []string
	URL    string // the button's target
	Button string // the button's words
	QR     string // EPC069-12 payload, "" when the money is not in euros
	QRHint string // words beside the code
}

// AnnexTable is the computation of penalties as it is printed.
type AnnexTable struct {
	Title  string
	Head   []string
	Rows   [][]string
	Total  Line
	Method []string // the conventions of law-fr.md §2.2, one sentence each
}
