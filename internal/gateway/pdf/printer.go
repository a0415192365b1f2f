package pdf

import (
	"relance/internal/domain/letter"
	"relance/internal/ground/fault"
)

// Printer makes PDF files. It may be used by several goroutines.
type Printer struct {
	types   *typeface
	known   []bool
	gallery gallery
}

// New cuts the fonts: do it once.
func New() (*Printer, error) {
	t, err := loadTypeface()
	if err != nil {
		return nil, &fault.Error{Kind: fault.Internal, Op: "pdf.fonts", Key: "pdf.fonts", Err: err}
	}
	return &Printer{types: t, known: t.known()}, nil
}

// maxPages bounds one letter: beyond it, its invoices belong in a statement of account.
const maxPages = 200

// Letter prints one letter.
func (p *Printer) Letter(d *letter.Document) ([]byte, error) {
	pages, err := p.lay(d)
	if err != nil {
		return nil, err
	}
	return p.write(pages, d), nil
}

// Batch prints letters one after the other in one file, each with its own page numbers. The
// file is named and dated after the first one.
func (p *Printer) Batch(ds []*letter.Document) ([]byte, error) {
	if len(ds) == 0 {
		return nil, fault.New(fault.Invalid, "pdf.empty")
	}
	var all []page
	for _, d := range ds {
		pages, err := p.lay(d)
		if err != nil {
			return nil, err
		}
		all = append(all, pages...)
	}
	return p.write(all, ds[0]), nil
}
