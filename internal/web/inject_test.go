package web

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"relance/internal/app"
	"relance/internal/domain/party"
	"relance/internal/format/mime"
	"relance/internal/store"
)

// names are what a file may call a customer, and what a mail, a letter, a page or a spreadsheet would make of it if
// anybody forgot that it is only a name.
var names = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `{{.Form}} {{range .}}`, "{{block \"head\"}}", // markup and templates
	`[Payez ici](https://evil.example/pay)`, `**Gras** _italique_ # titre`, `<https://evil.example>`, `![x](https://evil.example/x.png)`, // Markdown
	"- point\n- point\n\n# Titre\n\n[a]: https://evil.example", "`code` \\[x\\](https://evil.example)", "&lt;b&gt; &amp;#91; &#x5b;x](https://evil.example)",
	"A\r\nBcc: victim@evil.example\r\n\r\nbody", "=?utf-8?q?A=0D=0ABcc=3A_victim=40evil.example?=", "a\x7f\u0085b", "gnp.\u202etxt", "\u2066hidden\u2069\u200b", // headers, controls
	`=HYPERLINK("https://evil.example";"x")`, `+cmd|' /C calc'!A0`, "-2+3+cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0", "\t=1+1", "\r=1+1", "＝1+1", "'=1+1", // formulas
}

// injected is a company whose customers, people and papers all bear those names; each has been reminded.
func injected(t *testing.T) *house {
	h := newHouse(t, Options{})
	ctx := context.Background()
	h.letterhead()
	h.must(h.d.AddMailAccount(ctx, app.MailAccount{Name: "main", Host: "smtp.vasseur.example", From: "compta@vasseur.example"}))
	cell := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
	var customers, contacts, invoices strings.Builder
	customers.WriteString("code;name;kind;address;postcode;city;email\n")
	contacts.WriteString("customer;name;role;email\n")
	invoices.WriteString("number;issued;due;amount;customer;order;reference;pay_url\n")
	for i, s := range names {
		q := cell(s)
		fmt.Fprintf(&customers, "K%d;%s;;%s;75001;%s;c%d@client.example\n", i, q, q, q, i)
		fmt.Fprintf(&contacts, "K%d;%s;accounting;p%d@client.example\n", i, q, i)
		fmt.Fprintf(&invoices, "F-%d;2026-10-01;2026-11-18;100.00;K%d;%s;%s;javascript:alert(1)\n", i, i, q, q)
	}
	h.bring(app.ImportCustomers, "c.csv", customers.String())
	h.bring(app.ImportContacts, "k.csv", contacts.String())
	h.bring(app.ImportInvoices, "i.csv", invoices.String())
	for i := range names {
		h.must(h.d.Qualify(ctx, fmt.Sprintf("K%d", i), party.Pro))
	}
	_, err := h.d.GoLive(ctx, true)
	h.must(err)
	h.must(h.d.SetPaymentsKnown(ctx, h.day))
	_, err = h.d.Run(ctx, app.RunOptions{Brief: true})
	h.must(err)
	_, problems, err := h.d.ApproveAll(ctx)
	h.must(err)
	for _, p := range problems {
		t.Errorf("not approved: %v", p)
	}
	_, err = h.d.SendDue(ctx, app.SendOptions{})
	h.must(err)
	return h
}

// bring takes a file in; a line that is refused is no matter here.
func (h *house) bring(kind app.ImportKind, name, text string) {
	h.t.Helper()
	rep, err := h.d.Import(context.Background(), []app.ImportFile{app.FileIn(name, []byte(text))}, app.ImportOptions{Kind: kind})
	h.must(err)
	h.must(rep.Failure())
	for _, p := range rep.Files[0].Errors {
		h.t.Logf("%s: %v", name, p)
	}
}

// TestNamesInMails: what left has the headers that the house wrote, the links of the house, and the names as text.
func TestNamesInMails(t *testing.T) {
	h := injected(t)
	if len(h.box.raw) != len(names) {
		list, err := h.d.Outbox(context.Background(), store.Proposed, store.Approved, store.Failed, store.Uncertain)
		h.must(err)
		for _, q := range list {
			t.Logf("%s %s: %s", q.CustomerCode, q.State, q.Reason)
		}
		t.Errorf("%d messages left, want %d", len(h.box.raw), len(names))
	}
	shown := 0
	for _, raw := range h.box.raw {
		m, err := mime.Read(bytes.NewReader(raw))
		h.must(err)
		head, _, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
		for line := range strings.SplitSeq(strings.ReplaceAll(string(head), "\r\n ", " "), "\r\n") {
			name, _, _ := strings.Cut(line, ":")
			if !slices.Contains([]string{"Date", "From", "Reply-To", "To", "Message-ID", "Subject", "MIME-Version", "Content-Type", "Content-Transfer-Encoding", "References", "In-Reply-To"}, name) {
				t.Errorf("a header that nobody wrote: %q", line)
			}
		}
		if bytes.Contains(head, []byte("\nBcc")) || len(m.To) != 1 || !strings.HasSuffix(m.To[0].Address, "@client.example") {
			t.Errorf("to %v:\n%s", m.To, head)
		}
		if strings.ContainsAny(m.Subject, "\r\n\x00\u202e\u2066") {
			t.Errorf("subject %q", m.Subject)
		}
		// The plain text may hold the name as it is; a reader sees no line, direction or control of it.
		if strings.ContainsAny(m.Text, "\x00\u202e\u2066\u2069\u200b") || strings.Contains(m.Text, "\nBcc:") {
			t.Errorf("the text holds a control: %q", m.Text)
		}
		shown += h.harmless(m.HTML)
	}
	if shown < len(names)*3/4 {
		t.Errorf("only %d mails show the name that they should", shown)
	}
}

// harmless reads a mail's HTML as a browser does; it counts 1 when a name is shown as text.
func (h *house) harmless(page string) (shown int) {
	h.t.Helper()
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return shown
		case html.TextToken:
			text := string(z.Text())
			if strings.ContainsAny(text, "\x00\u202e\u2066\u2069") {
				h.t.Errorf("a control is shown: %q", text)
			}
			for _, s := range names {
				if strings.Contains(html.UnescapeString(text), strings.TrimSpace(s)) {
					shown = 1
				}
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			tok := z.Token()
			if slices.Contains([]string{"script", "iframe", "object", "form", "svg", "h1"}, tok.Data) {
				h.t.Errorf("<%s> in a mail: %s", tok.Data, tok)
			}
			for _, a := range tok.Attr {
				switch {
				case strings.HasPrefix(a.Key, "on"):
					h.t.Errorf("%s runs", tok)
				case (a.Key == "href" || a.Key == "src") && !strings.HasPrefix(a.Val, "mailto:compta@vasseur.example") && !strings.HasPrefix(a.Val, "tel:") && a.Val != "https://vasseur.example" && !strings.HasPrefix(a.Val, "cid:"):
					h.t.Errorf("a link that nobody of the house wrote: %s", tok)
				}
			}
		}
	}
}

// TestNamesOnPaper: a letter has no link and no script, whatever the names.
func TestNamesOnPaper(t *testing.T) {
	h := injected(t)
	p := h.signedIn(t, adminMail)
	for i := range names {
		for _, path := range []string{fmt.Sprintf("/invoices/F-%d/letter.pdf?step=reminder-1", i), fmt.Sprintf("/customers/K%d/statement.pdf", i)} {
			res, body := p.get(path)
			if res.StatusCode != http.StatusOK || !strings.HasPrefix(body, "%PDF-") {
				t.Errorf("%s: %s", path, res.Status)
			}
			for _, s := range []string{"/JavaScript", "/JS", "/Launch", "evil.example)", "/URI (javascript"} {
				if strings.Contains(body, s) {
					t.Errorf("%s holds %s", path, s)
				}
			}
		}
	}
}

// TestNamesOnPages: each page shows them as text, and is reached by them.
func TestNamesOnPages(t *testing.T) {
	h := injected(t)
	p := h.signedIn(t, adminMail)
	paths := []string{"/", "/customers", "/invoices", "/outbox?tab=sent", "/aging", "/tasks", "/settings/journal", "/entry", "/found", "/imports"}
	for i, s := range names {
		paths = append(paths, fmt.Sprintf("/customers/K%d", i), fmt.Sprintf("/customers/K%d/call", i), fmt.Sprintf("/invoices/F-%d", i),
			"/search?q="+url.QueryEscape(s), "/customers?q="+url.QueryEscape(s), "/bank?q="+url.QueryEscape(s))
	}
	for _, path := range paths {
		res, body := p.get(path)
		if res.StatusCode >= 400 {
			t.Errorf("%s: %s", path, res.Status)
		}
		z := html.NewTokenizer(strings.NewReader(body))
		for tt := z.Next(); tt != html.ErrorToken; tt = z.Next() {
			if tt != html.StartTagToken && tt != html.SelfClosingTagToken {
				continue
			}
			tok := z.Token()
			for _, a := range tok.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" || strings.HasPrefix(a.Val, "javascript:") && a.Key != "value" || a.Key == "src" && a.Val == "x" {
					t.Errorf("%s: %s", path, tok)
				}
			}
			if tok.Data == "script" && !strings.Contains(tok.String(), "/static/") {
				t.Errorf("%s: %s", path, tok)
			}
		}
	}
}

// TestNamesInSpreadsheets: no cell of a file that the house gives is run by the program that opens it.
func TestNamesInSpreadsheets(t *testing.T) {
	h := injected(t)
	p := h.signedIn(t, adminMail)
	_, body := p.get("/aging.csv")
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff")))
	r.Comma, r.FieldsPerRecord = ';', -1
	rows, err := r.ReadAll()
	h.must(err)
	if len(rows) < len(names) {
		t.Fatalf("%d rows", len(rows))
	}
	for _, row := range rows {
		for _, c := range row {
			if c != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(c)[0]) && strings.ContainsFunc(c[1:], func(r rune) bool { return (r < '0' || r > '9') && r != ',' }) {
				t.Errorf("a spreadsheet runs %q", c)
			}
		}
	}
	_, body = p.get("/aging.xlsx")
	z, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	h.must(err)
	seen := 0
	for _, f := range z.File {
		in, err := f.Open()
		h.must(err)
		b, err := io.ReadAll(in)
		h.must(err)
		if bytes.Contains(b, []byte("<f>")) || bytes.Contains(b, []byte("<hyperlink")) || bytes.ContainsAny(b, "\x00") {
			t.Errorf("%s holds a formula, a link or a control", f.Name)
		}
		seen += bytes.Count(b, []byte("HYPERLINK"))
	}
	if seen == 0 {
		t.Error("the workbook lacks the names")
	}
}
