package main

import (
	"fmt"
	"io"
	"net/http"
	"os"

	"relance/internal/app"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
)

// maxScan bounds a scan, in bytes.
const maxScan = 10 << 20

type promisePrint struct {
	Promise id.Plan `arg:"" help:"Number of the plan."`
	Output  string  `short:"o" required:"" placeholder:"FILE" help:"The PDF to write."`
}

// Run prints the acknowledgement of debt of a plan (C. civ. 1376).
func (q promisePrint) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		pdf, err := d.AcknowledgementPDF(c.ctx, q.Promise)
		if err != nil {
			return err
		}
		return c.written(q.Output, pdf)
	})
}

type promiseSign struct {
	Promise id.Plan  `arg:"" help:"Number of the plan."`
	Scan    string   `placeholder:"FILE" help:"What came back: a PDF or a picture."`
	Date    cal.Date `placeholder:"DATE" help:"The day it was signed (default: today)."`
}

// Run keeps the signed acknowledgement.
func (q promiseSign) Run(c *context) error {
	var scan []byte
	if q.Scan != "" {
		f, err := os.Open(q.Scan)
		if err != nil {
			return err
		}
		defer f.Close()
		if scan, err = io.ReadAll(io.LimitReader(f, maxScan+1)); err != nil {
			return err
		}
		if len(scan) == 0 || len(scan) > maxScan {
			return fault.New(fault.Invalid, "app.plan.scan")
		}
	}
	return c.withDesk(false, func(d *app.Desk) error {
		if err := d.SignCommitment(c.ctx, q.Promise, q.Date, scan, http.DetectContentType(scan)); err != nil {
			return err
		}
		return c.answer(map[string]any{"promise": q.Promise, "signed": true}, func(w io.Writer) { fmt.Fprintln(w, c.t("cmd.promise.signed")) })
	})
}
