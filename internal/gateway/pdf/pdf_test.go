package pdf

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"

	"relance/internal/domain/letter"
	"relance/internal/domain/party"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
)

// validate reads a file with another implementation and counts its pages.
func validate(t testing.TB, file []byte) int {
	t.Helper()
	api.DisableConfigDir()
	conf := model.NewDefaultConfiguration()
	conf.ValidationMode = model.ValidationStrict
	if err := api.Validate(bytes.NewReader(file), conf); err != nil {
		t.Fatalf("not a valid PDF: %v", err)
	}
	n, err := api.PageCount(bytes.NewReader(file), conf)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func words(g *page) string {
	var b strings.Builder
	for _, m := range g.marks {
		if m.kind == textMark {
			b.WriteString(m.text + "\n")
		}
	}
	return strings.ReplaceAll(b.String(), "\u00a0", " ")
}

// inside proves that nothing leaves the margins and that nothing but the recipient shows in the
// window.
func inside(t testing.TB, p *Printer, pages []page) {
	t.Helper()
	for i := range pages {
		for _, m := range pages[i].marks {
			w := m.w
			if m.kind == textMark {
				w = p.width(m.face, m.size, m.text)
				if m.x < left-0.01 || m.x+w > right+0.01 || m.y < 4 || m.y > footY+0.01 {
					t.Fatalf("page %d: %q stands at %.1f–%.1f, %.1f", i+1, m.text, m.x, m.x+w, m.y)
				}
			}
			if i == 0 && m.x+w > 103 && m.x < 200 && m.y+m.h > 44 && m.y < 79 && !(m.kind == textMark && m.x == windowX && m.y <= windowEnd) {
				t.Fatalf("%v shows in the window: %q", m.kind, m.text)
			}
		}
	}
}

func kinds(family string) party.Kind {
	switch family {
	case "consumer":
		return party.Consumer
	case "public":
		return party.Public
	case "export":
		return party.Foreign
	}
	return party.Pro
}

func TestEveryShippedTextPrints(t *testing.T) {
	p := printer(t)
	for _, x := range letter.Texts() {
		k := letter.Kind(x.Step)
		if !slices.Contains(letter.Kinds, k) {
			k = letter.Reminder
		}
		m := sample(k, kinds(x.Family), x.Lang, 3)
		m.Facts.Received, m.Facts.ReceivedOn, m.Facts.NoticeOn = money.Euros(84050), day("2026-11-20"), day("2026-11-02")
		m.Facts.Cheque, m.Facts.Method, m.Facts.Reason = "1234567", "cheque", "provision insuffisante"
		if k == letter.ThankYou || k == letter.Closing {
			m.Items, m.Open, m.Total, m.PayBy = nil, money.Euros(0), money.Euros(0), 0
		}
		d := document(t, x.Name(), m)
		file, err := p.Letter(d)
		if err != nil {
			t.Fatalf("%s: %v", x.Name(), err)
		}
		pages, err := p.lay(d)
		if err != nil {
			t.Fatal(err)
		}
		if n := validate(t, file); n != len(pages) {
			t.Errorf("%s: %d pages in the file, %d laid out", x.Name(), n, len(pages))
		}
		inside(t, p, pages)
		first := words(&pages[0])
		for _, want := range []string{"Menuiserie du Port", "29200 Brest", "Atelier Vasseur", fmt.Sprintf("Page 1/%d", len(pages)), "24 "} {
			if !strings.Contains(first, want) {
				t.Errorf("%s.%s: the first page lacks %q", x.Name(), x.Lang, want)
			}
		}
	}
}

func TestUsualLettersTakeOnePage(t *testing.T) {
	p := printer(t)
	for _, name := range []string{"standard/reminder-1", "standard/reminder-2", "standard/reminder-3"} {
		pages, err := p.lay(document(t, name, sample(letter.Reminder, party.Pro, i18n.FR, 2)))
		if err != nil {
			t.Fatal(err)
		}
		if len(pages) != 1 {
			t.Errorf("%s takes %d pages", name, len(pages))
		}
	}
}

func TestSameDocumentSameBytes(t *testing.T) {
	d := document(t, "standard/formal-notice", sample(letter.FormalNotice, party.Pro, i18n.FR, 40))
	a, err := printer(t).Letter(d)
	if err != nil {
		t.Fatal(err)
	}
	p := printer(t)
	p.Letter(document(t, "standard/reminder-1", sample(letter.Reminder, party.Pro, i18n.FR, 2)))
	b, err := p.Letter(d)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a, b) {
		t.Error("two printers made different files of one document")
	}
}

func TestManyAtOnce(t *testing.T) {
	p := printer(t)
	d := document(t, "standard/formal-notice", sample(letter.FormalNotice, party.Pro, i18n.FR, 3))
	files := make([][]byte, 8)
	var wg sync.WaitGroup
	for i := range files {
		wg.Go(func() {
			b, err := p.Letter(d)
			if err != nil {
				t.Error(err)
			}
			files[i] = b
		})
	}
	wg.Wait()
	for i := range files {
		if !bytes.Equal(files[i], files[0]) {
			t.Errorf("file %d differs", i)
		}
	}
}

func TestLongTableRepeatsItsHead(t *testing.T) {
	p := printer(t)
	d := document(t, "standard/formal-notice", sample(letter.FormalNotice, party.Pro, i18n.FR, 500))
	pages, err := p.lay(d)
	if err != nil {
		t.Fatal(err)
	}
	inside(t, p, pages)
	seen := map[string]int{}
	for i := range pages {
		text := words(&pages[i])
		rows := 0
		for l := range strings.SplitSeq(text, "\n") {
			if strings.HasPrefix(l, "F-2026-") && !strings.Contains(l, ".pdf") {
				seen[l]++
				rows++
			}
		}
		if rows > 0 && !strings.Contains(text, "Facture\n") {
			t.Errorf("page %d has rows without a head", i+1)
		}
		if rows == 0 && strings.Contains(text, "Total à régler") {
			t.Errorf("page %d has the totals without a row", i+1)
		}
	}
	for i := range 500 {
		// Once in the letter, once in the computation.
		if n := fmt.Sprintf("F-2026-%03d", 118+i); seen[n] != 2 {
			t.Fatalf("%s is printed %d times", n, seen[n])
		}
	}
	if last := words(&pages[len(pages)-1]); !strings.Contains(last, "Jours\n") || !strings.Contains(last, "Total des intérêts") {
		t.Errorf("the computation ends with %q", last)
	}
	file, err := p.Letter(d)
	if err != nil {
		t.Fatal(err)
	}
	validate(t, file)
}

// Totals stay with a row wherever the table ends on its page.
func TestTotalsNeverStandAlone(t *testing.T) {
	p := printer(t)
	for n := 1; n < 90; n++ {
		pages, err := p.lay(document(t, "standard/reminder-2", sample(letter.Reminder, party.Pro, i18n.FR, n)))
		if err != nil {
			t.Fatal(err)
		}
		for i := range pages {
			text := words(&pages[i])
			if strings.Contains(text, "Total à régler") && !strings.Contains(text, "F-2026-") {
				t.Errorf("%d invoices: totals alone on page %d", n, i+1)
			}
			if strings.Contains(text, "Claire Vasseur") && !strings.Contains(text, "salutations") {
				t.Errorf("%d invoices: signature alone on page %d", n, i+1)
			}
		}
	}
}

func TestBatchNumbersEachLetter(t *testing.T) {
	p := printer(t)
	var ds []*letter.Document
	want := 0
	for _, n := range []int{2, 60, 2} {
		d := document(t, "standard/reminder-2", sample(letter.Reminder, party.Pro, i18n.FR, n))
		pages, err := p.lay(d)
		if err != nil {
			t.Fatal(err)
		}
		want += len(pages)
		ds = append(ds, d)
	}
	file, err := p.Batch(ds)
	if err != nil {
		t.Fatal(err)
	}
	if n := validate(t, file); n != want {
		t.Errorf("%d pages, want %d", n, want)
	}
	if k := bytes.Count(file, []byte("/FontFile2")); k > 3 {
		t.Errorf("the batch carries %d fonts", k)
	}
	again, err := p.Batch(ds)
	if err != nil || !bytes.Equal(file, again) {
		t.Errorf("the second batch differs (%v)", err)
	}
	if _, err := p.Batch(nil); fault.Key(err) != "pdf.empty" {
		t.Errorf("a batch of nothing: %v", err)
	}
}

func TestEndlessLetterIsRefused(t *testing.T) {
	d := &letter.Document{Lang: i18n.FR, Blocks: []letter.Block{{Kind: letter.Paragraph, Runs: []letter.Run{{Text: strings.Repeat("mot ", 400_000)}}}}}
	if _, err := printer(t).Letter(d); fault.Key(err) != "pdf.too-long" {
		t.Errorf("got %v", err)
	}
}

func TestEmptyDocumentPrints(t *testing.T) {
	file, err := printer(t).Letter(&letter.Document{})
	if err != nil {
		t.Fatal(err)
	}
	if n := validate(t, file); n != 1 {
		t.Errorf("%d pages", n)
	}
}

func TestUnknownCharactersDegrade(t *testing.T) {
	p := printer(t)
	for in, want := range map[string]string{
		"Łódź – Πειραιάς – Ивановo": "Łódź – Πειραιάς – Ивановo",
		"1\u202f234,56\u202f€":      "1\u00a0234,56\u00a0€",
		"a\x00b\tc\u202ed":          "ab cd",
		"Cafe\u0301 😀":              "Café ",
		"ﬁn ①":                      "fin 1",
		"東京":                        "□□",
		"\xff":                      "□",
	} {
		if got := p.drawable(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

func TestPicturesOfEveryKind(t *testing.T) {
	p := printer(t)
	d := document(t, "standard/reminder-2", sample(letter.Reminder, party.Pro, i18n.FR, 2))
	for name, c := range map[string]struct {
		file  []byte
		shown int
	}{"png": {logo, 1}, "jpeg": {jpegOf(t, 300, 200), 1}, "wide jpeg": {jpegOf(t, 3000, 40), 1}, "text": {[]byte("GIF89a"), 0}, "cut": {logo[:len(logo)/2], 0}} {
		e := *d
		e.Logo = c.file
		file, err := p.Letter(&e)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		validate(t, file)
		if n := bytes.Count(file, []byte("/Subtype/Image")); n != c.shown {
			t.Errorf("%s: %d pictures, want %d", name, n, c.shown)
		}
	}
}

func FuzzLetter(f *testing.F) {
	f.Add("Menuiserie du Port", "F-2026-118", "12\u202f000,00\u202f€", "https://x.example/(a)\\", true)
	f.Add("\u202eمرحبا\x00\r\n"+strings.Repeat("W", 3000), strings.Repeat("8", 900), strings.Repeat("9", 300), "javascript:\xff", false)
	f.Add("😀👨‍👩‍👧 "+strings.Repeat("a b ", 500), "", "%d%s%n", strings.Repeat("é", 2000), true)
	p := printer(f)
	f.Fuzz(func(t *testing.T, name, number, figure, link string, flag bool) {
		if len(name)+len(number)+len(figure)+len(link) > 20_000 {
			return
		}
		row := letter.Row{Number: number, Issued: name, Due: figure, Late: number, Amount: figure, Paid: figure, Open: figure, Level: name, Label: name, Note: link}
		line := letter.Line{Label: name, Value: figure, Strong: flag}
		runs := []letter.Run{{Text: name, Bold: flag, Link: link}, {Text: number, Italic: true, Break: flag}}
		d := &letter.Document{
			Lang: i18n.Lang(link), Title: name, Letterhead: []string{name, number}, Color: number, Logo: []byte(link), PageOf: figure,
			Recipient: []string{name, number, figure, link, name, name, number, name}, References: []letter.Line{line, line}, PlaceDate: name,
			Registered: number, SubjectLabel: figure, Subject: name, Signature: []string{name, number}, Enclosed: name, Foot: []string{name, link},
			Insistent: flag, Banner: name,
			Blocks: []letter.Block{{Kind: letter.Heading, Runs: runs}, {Kind: letter.Paragraph, Runs: runs}, {Kind: letter.List, Items: [][]letter.Run{runs, runs}, Ordered: flag},
				{Kind: letter.Table, Table: &letter.InvoiceTable{Title: name, Head: row, Rows: []letter.Row{row, row}, Totals: []letter.Line{line}, Notes: []string{name}}},
				{Kind: letter.Payment, Payment: &letter.PaymentBox{Title: name, Lines: []letter.Line{line}, Cheque: number, Notes: []string{name}, URL: link, Button: name, QR: figure, QRHint: name}}},
			Annex: &letter.AnnexTable{Title: name, Head: []string{name, number, figure}, Rows: [][]string{{number, figure, name}, {number}}, Total: line, Method: []string{name}},
		}
		pages, err := p.lay(d)
		if err != nil {
			if fault.Key(err) != "pdf.too-long" {
				t.Fatal(err)
			}
			return
		}
		inside(t, p, pages)
		validate(t, p.write(pages, d))
	})
}

func BenchmarkLetter(b *testing.B) {
	p := printer(b)
	d := document(b, "standard/formal-notice", sample(letter.FormalNotice, party.Pro, i18n.FR, 2))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Letter(d); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkBatch(b *testing.B) {
	p := printer(b)
	var ds []*letter.Document
	for n := range 200 {
		ds = append(ds, document(b, "standard/reminder-2", sample(letter.Reminder, party.Pro, i18n.FR, 1+n%8)))
	}
	b.ReportAllocs()
	pages := 0
	for b.Loop() {
		file, err := p.Batch(ds)
		if err != nil {
			b.Fatal(err)
		}
		pages += bytes.Count(file, []byte("/Type/Page/"))
	}
	b.ReportMetric(float64(pages)/b.Elapsed().Seconds(), "pages/s")
}
