package letter

import (
	"html"
	"strings"
)

// Mail is the message as an e-mail.
type Mail struct {
	Subject string // one line, no control characters
	HTML    string
	Text    string
}

// Mail lays the composition out as an e-mail, HTML and text.
func (c *Composition) Mail() Mail {
	return Mail{Subject: c.Subject, HTML: c.html(), Text: c.text()}
}

// Colours that hold on white and on black: mail programs invert backgrounds as they please, so
// none is set but the button's.
const (
	muted = "#757575"
	rule  = "#b8bcc2"
	alert = "#c62828"
	blue  = "#2457a6"
	face  = "-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"
)

type htmlWriter struct {
	strings.Builder
	insistent bool
	accent    string
}

func (c *Composition) html() string {
	m := c.msg
	w := &htmlWriter{insistent: m.Insistent, accent: colour(m.Sender.Color)}
	w.Grow(8 << 10)
	w.put(`<!DOCTYPE html><html lang="`, string(m.Lang), `"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">`,
		`<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><title>`, e(c.Subject),
		`</title><style>:root{color-scheme:light dark}</style></head><body style="margin:0;padding:0">`)
	w.put(`<div style="display:none;max-height:0;overflow:hidden">`, e(m.preheader()), `</div>`)
	w.put(`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td align="center" style="padding:16px">`,
		`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px;text-align:left"><tr><td style="font:16px/1.45 `, face, `">`)
	if b := m.banner(); b != "" {
		w.put(`<p style="margin:0 0 16px;padding:8px 12px;border:2px dashed `, alert, `;font-size:14px">`, e(b), `</p>`)
	}
	w.letterhead(m)
	w.blocks(c.Blocks)
	w.blocks(c.Closing)
	w.put(`<p style="margin:20px 0 0">`)
	for i, s := range c.Signature {
		if i > 0 {
			w.put(`<br>`)
			s = e(s)
		} else {
			s = `<strong>` + e(s) + `</strong>`
		}
		w.put(s)
	}
	w.put(`</p>`)
	if c.Enclosed != "" {
		w.put(`<p style="margin:16px 0 0;font-size:14px">`, e(c.Enclosed), `</p>`)
	}
	w.annex(c.Annex)
	w.put(`<p style="margin:24px 0 0;padding-top:10px;border-top:1px solid `, rule, `;font-size:12px;line-height:1.4;color:`, muted, `">`,
		strings.Join(escaped(c.Foot), "<br>"), `</p></td></tr></table></td></tr></table></body></html>`)
	return w.String()
}

// preheader is what mailboxes show beside the subject.
func (m *Message) preheader() string {
	if !m.Kind.Asks() || m.PayBy.IsZero() {
		return clean(m.Sender.Name)
	}
	return m.t("letter.preheader", m.Total, m.PayBy)
}

func (w *htmlWriter) put(ss ...string) {
	for _, s := range ss {
		w.WriteString(s)
	}
}

func e(s string) string { return html.EscapeString(s) }

func escaped(xs []string) []string {
	out := make([]string, len(xs))
	for i, x := range xs {
		out[i] = e(x)
	}
	return out
}

// colour accepts #rrggbb only: it stands inside a style attribute.
func colour(s string) string {
	if len(s) != 7 || s[0] != '#' || strings.Trim(s[1:], "0123456789abcdefABCDEF") != "" {
		return blue
	}
	return s
}

func (w *htmlWriter) letterhead(m *Message) {
	s := &m.Sender
	w.put(`<p style="margin:0 0 14px;font-weight:600;color:`, w.accent, `">`)
	if len(s.Logo) > 0 && s.LogoInMail {
		w.put(`<img src="cid:logo" alt="`, e(clean(s.Name)), `" height="40" style="height:40px;border:0">`)
	} else {
		w.put(e(clean(s.Name)))
	}
	w.put(`</p>`)
}

func (w *htmlWriter) blocks(bs []Block) {
	for i := range bs {
		b := &bs[i]
		switch b.Kind {
		case Heading:
			w.put(`<h2 style="margin:0 0 12px;font-size:18px;line-height:1.3">`)
			w.runs(b.Runs)
			w.put(`</h2>`)
		case Paragraph:
			w.put(`<p style="margin:0 0 12px">`)
			w.runs(b.Runs)
			w.put(`</p>`)
		case List:
			tag := "ul"
			if b.Ordered {
				tag = "ol"
			}
			w.put(`<`, tag, ` style="margin:0 0 12px;padding-left:22px">`)
			for _, it := range b.Items {
				w.put(`<li style="margin:0 0 4px">`)
				w.runs(it)
				w.put(`</li>`)
			}
			w.put(`</`, tag, `>`)
		case Table:
			w.table(b.Table)
		case Payment:
			w.payment(b.Payment)
		}
	}
}

func (w *htmlWriter) runs(rs []Run) {
	for _, r := range rs {
		if r.Break {
			w.put(`<br>`)
		}
		s := e(r.Text)
		if r.Italic {
			s = `<em>` + s + `</em>`
		}
		switch {
		case r.Bold && w.insistent:
			s = `<strong style="color:` + alert + `">` + s + `</strong>`
		case r.Bold:
			s = `<strong>` + s + `</strong>`
		}
		if r.Link != "" {
			s = `<a href="` + e(r.Link) + `">` + s + `</a>`
		}
		w.put(s)
	}
}

// table has two columns, so that it reads on a telephone without a media query: what, how much.
func (w *htmlWriter) table(t *InvoiceTable) {
	w.put(`<table width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:4px 0 16px;border-collapse:collapse;font:15px/1.35 `, face, `">`)
	if t.Title != "" {
		w.put(`<caption style="text-align:left;font-weight:600;padding:4px 0 6px">`, e(t.Title), `</caption>`)
	}
	for _, r := range t.Rows {
		w.put(`<tr><th scope="row" align="left" style="padding:7px 8px 7px 0;border-top:1px solid `, rule, `;font-weight:400;vertical-align:top"><strong>`, e(r.Number), `</strong>`)
		if r.Label != "" {
			w.put(` <span style="font-size:13px">`, e(r.Label), `</span>`)
		}
		w.small(r.Summary, r.Note)
		w.put(`</th><td align="right" style="padding:7px 0;border-top:1px solid `, rule, `;vertical-align:top"><span style="white-space:nowrap">`, e(r.Open), `</span>`)
		w.small(r.Detail, r.Level)
		w.put(`</td></tr>`)
	}
	for i, l := range t.Totals {
		border, weight := "0", "400"
		if i == 0 {
			border = "2px solid " + rule
		}
		if l.Strong {
			weight = "700"
			if w.insistent {
				weight += `;color:` + alert
			}
		}
		w.put(`<tr><th scope="row" align="left" style="padding:5px 8px 5px 0;border-top:`, border, `;font-weight:`, weight, `">`, e(l.Label),
			`</th><td align="right" style="padding:5px 0;border-top:`, border, `;white-space:nowrap;vertical-align:top;font-weight:`, weight, `">`, e(l.Value), `</td></tr>`)
	}
	w.put(`</table>`)
	for _, n := range t.Notes {
		w.put(`<p style="margin:0 0 12px;font-size:13px;line-height:1.4;color:`, muted, `">`, e(n), `</p>`)
	}
}

func (w *htmlWriter) small(lines ...string) {
	for _, s := range lines {
		if s != "" {
			w.put(`<br><span style="font-size:13px;color:`, muted, `">`, e(s), `</span>`)
		}
	}
}

func (w *htmlWriter) payment(p *PaymentBox) {
	if p.URL != "" {
		w.put(`<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 16px"><tr><td bgcolor="`, w.accent,
			`" style="border-radius:6px"><a href="`, e(p.URL), `" style="display:inline-block;padding:11px 22px;font:600 16px/1.2 `, face,
			`;color:#ffffff;text-decoration:none">`, e(p.Button), `</a></td></tr></table>`)
	}
	w.put(`<table width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 12px;border:1px solid `, rule, `;border-collapse:separate;border-radius:6px;font:15px/1.4 `, face, `">`)
	w.put(`<caption style="text-align:left;font-weight:600;padding:0 0 6px">`, e(p.Title), `</caption>`)
	for i, l := range p.Lines {
		top, bottom := "2px", "2px"
		if i == 0 {
			top = "9px"
		}
		if i == len(p.Lines)-1 {
			bottom = "9px"
		}
		v := e(l.Value)
		if l.Strong {
			v = `<strong>` + v + `</strong>`
		}
		w.put(`<tr><th scope="row" align="left" style="padding:`, top, ` 8px `, bottom, ` 12px;font-weight:400;vertical-align:top;color:`, muted, `">`, e(l.Label),
			`</th><td style="padding:`, top, ` 12px `, bottom, ` 0">`, v, `</td></tr>`)
	}
	w.put(`</table>`)
	for _, n := range append(append([]string{}, p.Notes...), p.Cheque) {
		if n != "" {
			w.put(`<p style="margin:0 0 12px;font-size:14px">`, e(n), `</p>`)
		}
	}
}

func (w *htmlWriter) annex(a *AnnexTable) {
	if a == nil {
		return
	}
	w.put(`<h3 style="margin:24px 0 8px;font-size:15px">`, e(a.Title), `</h3><table width="100%" cellpadding="0" cellspacing="0" border="0" style="border-collapse:collapse;font:13px/1.35 `, face, `">`)
	for _, r := range a.Rows {
		// invoice, period and days on the left; base × rate and interest on the right
		w.put(`<tr><th scope="row" align="left" style="padding:5px 8px 5px 0;border-top:1px solid `, rule, `;font-weight:400;vertical-align:top">`, e(r[0]))
		w.small(r[1] + " – " + r[2] + " · " + r[3] + " " + a.Head[3])
		w.put(`</th><td align="right" style="padding:5px 0;border-top:1px solid `, rule, `;vertical-align:top">`, e(r[6]))
		w.small(r[4] + " × " + r[5])
		w.put(`</td></tr>`)
	}
	w.put(`<tr><th scope="row" align="left" style="padding:5px 8px 5px 0;border-top:2px solid `, rule, `">`, e(a.Total.Label), `</th><td align="right" style="border-top:2px solid `, rule, `"><strong>`, e(a.Total.Value), `</strong></td></tr></table>`)
	w.put(`<p style="margin:8px 0 0;font-size:12px;line-height:1.4;color:`, muted, `">`, e(strings.Join(a.Method, " ")), `</p>`)
}
