package app

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"relance/internal/domain/org"
	"relance/internal/ground/cal"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
	"relance/internal/store/storetest"
)

// ourAccount is the company's own, in whose statements the stories of money in are told.
const ourAccount = "FR1420041010050500013M02606"

// movedOnce is a movement of the account as every bank file may tell it; amounts are cents.
type movedOnce struct {
	day    string
	amount int64
	name   string // of who paid
	iban   string
	text   string
	ref    string // the bank's own, "" for none
	back   string // reason of a payment that comes back
	parts  []movedOnce
}

// euros is an amount as files write it.
func euros(n int64) string { return money.Of(n, money.EUR).Decimal() }

// asCAMT tells movements as an ISO 20022 message: "053" or "054". A statement tells a batch as one
// sum, a notification with its payments.
func asCAMT(message string, list ...movedOnce) string {
	root, body := map[string]string{"053": "Stmt", "054": "Ntfctn"}[message], map[string]string{"053": "BkToCstmrStmt", "054": "BkToCstmrDbtCdtNtfctn"}[message]
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.%s.001.02"><%s><GrpHdr><MsgId>M</MsgId></GrpHdr><%s><Id>S</Id><Acct><Id><IBAN>%s</IBAN></Id><Ccy>EUR</Ccy></Acct>`,
		message, body, root, ourAccount)
	for _, m := range list {
		side, n := "CRDT", m.amount
		if n < 0 {
			side, n = "DBIT", -n
		}
		fmt.Fprintf(&b, `<Ntry><Amt Ccy="EUR">%s</Amt><CdtDbtInd>%s</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>%s</Dt></BookgDt>`, euros(n), side, m.day)
		if m.ref != "" {
			fmt.Fprintf(&b, `<AcctSvcrRef>%s</AcctSvcrRef>`, m.ref)
		}
		b.WriteString(`<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls>`)
		told := m.parts
		if len(told) == 0 || message == "053" {
			told = []movedOnce{m}
		}
		for _, p := range told {
			b.WriteString(transaction(p, len(told) > 1))
		}
		b.WriteString(`</NtryDtls></Ntry>`)
	}
	fmt.Fprintf(&b, `</%s></%s></Document>`, root, body)
	return b.String()
}

func transaction(p movedOnce, several bool) string {
	var b strings.Builder
	b.WriteString("<TxDtls>")
	if several {
		fmt.Fprintf(&b, `<Amt Ccy="EUR">%s</Amt>`, euros(p.amount))
	}
	party, account := "Dbtr", "DbtrAcct"
	if p.back != "" && p.amount < 0 {
		party, account = "Cdtr", "CdtrAcct"
	}
	b.WriteString("<RltdPties>")
	if p.name != "" {
		fmt.Fprintf(&b, `<%s><Nm>%s</Nm></%s>`, party, p.name, party)
	}
	if p.iban != "" {
		fmt.Fprintf(&b, `<%s><Id><IBAN>%s</IBAN></Id></%s>`, account, p.iban, account)
	}
	fmt.Fprintf(&b, `</RltdPties><RmtInf><Ustrd>%s</Ustrd></RmtInf>`, p.text)
	if p.back != "" {
		fmt.Fprintf(&b, `<RtrInf><Rsn><Cd>%s</Cd></Rsn></RtrInf>`, p.back)
	}
	b.WriteString("</TxDtls>")
	return b.String()
}

// asCFONB tells movements as French banks' records of 120 characters.
func asCFONB(list ...movedOnce) string {
	var b strings.Builder
	sum := int64(0)
	b.WriteString(cfonbRecord("01", 34, list[0].day, 90, overpunched(0)))
	for _, m := range list {
		op := "05"
		if m.back != "" {
			op = "B3"
		}
		b.WriteString(cfonbRecord("04", 7, "1234", 32, op, 34, m.day, 42, m.day, 48, "VIR SEPA", 81, "0000001", 90, overpunched(m.amount)))
		for _, d := range [][2]string{{"NPY", m.name}, {"IPY", m.iban}, {"LCC", m.text}, {"REF", m.ref}, {"RET", m.back}} {
			if d[1] != "" {
				b.WriteString(cfonbRecord("05", 7, "1234", 32, op, 34, m.day, 45, d[0], 48, d[1]))
			}
		}
		sum += m.amount
	}
	return b.String() + cfonbRecord("07", 34, list[len(list)-1].day, 90, overpunched(sum))
}

func cfonbRecord(code string, zones ...any) string {
	b := []rune(strings.Repeat(" ", 120))
	for i := range 4 {
		copy(b[[]int{0, 2, 11, 16}[i]:], []rune([]string{code, "20041", "01005", "EUR2"}[i]))
	}
	copy(b[21:], []rune("0500013M026"))
	for i := 0; i < len(zones); i += 2 {
		text := zones[i+1].(string)
		if d, err := cal.Parse(text); err == nil {
			y, m, n := d.Civil()
			text = fmt.Sprintf("%02d%02d%02d", n, int(m), y%100)
		}
		copy(b[zones[i].(int):], []rune(text))
	}
	return string(b) + "\n"
}

// overpunched is an amount whose last figure bears its sign.
func overpunched(n int64) string {
	marks := "{ABCDEFGHI"
	if n < 0 {
		n, marks = -n, "}JKLMNOPQR"
	}
	s := fmt.Sprintf("%014d", n)
	return s[:13] + string(marks[s[13]-'0'])
}

// asOFX tells movements as the files of accounting software.
func asOFX(list ...movedOnce) string {
	var b strings.Builder
	b.WriteString("OFXHEADER:100\r\nDATA:OFXSGML\r\nVERSION:102\r\nENCODING:USASCII\r\nCHARSET:1252\r\n\r\n<OFX><BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STMTRS><CURDEF>EUR\n" +
		"<BANKACCTFROM><BANKID>20041<BRANCHID>01005<ACCTID>0500013M026<ACCTTYPE>CHECKING</BANKACCTFROM><BANKTRANLIST>\n")
	for _, m := range list {
		kind := "CREDIT"
		if m.amount < 0 {
			kind = "DEBIT"
		}
		fmt.Fprintf(&b, "<STMTTRN><TRNTYPE>%s<DTPOSTED>%s<TRNAMT>%s<FITID>OFX%s<NAME>%s\n<MEMO>%s\n</STMTTRN>\n", kind, strings.ReplaceAll(m.day, "-", ""),
			euros(m.amount), m.ref, m.name, m.text)
	}
	return b.String() + "</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>\n"
}

// asMT940 tells movements as a SWIFT bank does.
func asMT940(list ...movedOnce) string {
	short := func(iso string) string { return strings.ReplaceAll(iso, "-", "")[2:] }
	comma := func(n int64) string { return strings.ReplaceAll(euros(max(n, -n)), ".", ",") }
	var b strings.Builder
	sum := int64(0)
	fmt.Fprintf(&b, ":20:M\r\n:25:%s\r\n:28C:1/1\r\n:60F:C%sEUR0,00\r\n", ourAccount, short(list[0].day))
	for _, m := range list {
		side, kind := "C", "NTRF"
		if m.amount < 0 {
			side = "D"
		}
		if m.back != "" {
			kind = "NRTI"
		}
		sum += m.amount
		ref := m.ref
		if ref != "" {
			ref = "//" + ref
		}
		fmt.Fprintf(&b, ":61:%s%s%s%sNONREF%s\r\n:86:/NAME/%s", short(m.day), side, comma(m.amount), kind, ref, m.name)
		if m.iban != "" {
			fmt.Fprintf(&b, "/IBAN/%s", m.iban)
		}
		if m.back != "" {
			fmt.Fprintf(&b, "/RTRN/%s", m.back)
		}
		fmt.Fprintf(&b, "/REMI/%s\r\n", m.text)
	}
	mark := "C"
	if sum < 0 {
		mark = "D"
	}
	return b.String() + fmt.Sprintf(":62F:%s%sEUR%s\r\n-\r\n", mark, short(list[len(list)-1].day), comma(sum))
}

// asTable tells movements as a bank's export to a spreadsheet, the latest first.
func asTable(list ...movedOnce) string {
	var b strings.Builder
	b.WriteString("date,label,amount,currency,name,iban\n")
	for _, m := range list {
		fmt.Fprintf(&b, "%s,%s,%s,EUR,%s,%s\n", m.day, m.text, euros(m.amount), m.name, m.iban)
	}
	return b.String()
}

// teller writes movements in one of the formats.
type teller struct {
	name string
	tell func(...movedOnce) string
}

// tellers are the formats, by the names that their files bear.
var tellers = []teller{
	{"relevé.053.xml", func(l ...movedOnce) string { return asCAMT("053", l...) }},
	{"avis.054.xml", func(l ...movedOnce) string { return asCAMT("054", l...) }},
	{"relevé.cfo", asCFONB}, {"relevé.ofx", asOFX}, {"relevé.sta", asMT940}, {"relevé.csv", asTable},
}

// banked makes the company's account known.
func (l *letterbox) banked() *letterbox {
	l.t.Helper()
	p := org.Profile{Name: "Atelier Vasseur", IBAN: ourAccount}
	if err := l.d.SetProfile(l.t.Context(), p); err != nil {
		l.t.Fatal(err)
	}
	return l
}

// books tells what an accountant finds: what is open of each invoice, what each customer has to their
// credit, and what became of each bank line. Nothing of it says in what order files came.
func (l *letterbox) books() string {
	l.t.Helper()
	var list []string
	add := func(format string, a ...any) { list = append(list, fmt.Sprintf(format, a...)) }
	l.see(func(tx *store.Tx) error {
		all, err := tx.AllCustomers(l.t.Context())
		if err != nil {
			return err
		}
		code := map[id.Customer]string{}
		for _, c := range all {
			code[c.ID] = c.Code
			docs, err := tx.DocsOf(l.t.Context(), []id.Customer{c.ID})
			if err != nil {
				return err
			}
			for _, d := range docs {
				for _, it := range d.Items {
					add("%s %s/%d open %s of %s", c.Code, d.Number, it.Seq, euros(it.Open), euros(it.Amount))
				}
			}
			pays, err := tx.PaymentsOf(l.t.Context(), []id.Customer{c.ID})
			if err != nil {
				return err
			}
			rest := int64(0)
			for _, p := range pays {
				if p.CancelledOn.IsZero() {
					rest += p.Rest
				}
			}
			add("%s credit %s", c.Code, euros(rest))
		}
		lines, err := tx.BankLines(l.t.Context(), "", 0, 100_000)
		for _, x := range lines {
			add("line %s %s %d/%d %s %s", x.Booked, euros(x.Amount), x.Part, x.Parts, x.State, code[x.Customer])
		}
		return err
	})
	slices.Sort(list)
	return strings.Join(list, "\n")
}

// see reads the database.
func (l *letterbox) see(fn func(tx *store.Tx) error) {
	l.t.Helper()
	if err := l.d.view(l.t.Context(), fn); err != nil {
		l.t.Fatal(err)
	}
}

// sound checks that the ledger equals its sums: items and payments less what is allocated, the aged balance
// their sum, the journal whole.
func (l *letterbox) sound() {
	l.t.Helper()
	l.balanced()
	open, over := int64(0), []string(nil)
	l.see(func(tx *store.Tx) error {
		all, err := tx.AllCustomers(l.t.Context())
		if err != nil {
			return err
		}
		for _, c := range all {
			docs, err := tx.DocsOf(l.t.Context(), []id.Customer{c.ID})
			if err != nil {
				return err
			}
			for _, d := range docs {
				for _, it := range d.Items {
					if it.Open < 0 || it.Open > it.Amount {
						over = append(over, d.Number)
					}
					if it.Credit {
						open -= it.Open
					} else {
						open += it.Open
					}
				}
			}
			pays, err := tx.PaymentsOf(l.t.Context(), []id.Customer{c.ID})
			if err != nil {
				return err
			}
			for _, p := range pays {
				if p.CancelledOn.IsZero() {
					open -= p.Rest
				}
				if p.Rest < 0 {
					over = append(over, "payment of "+p.Date.String())
				}
			}
		}
		return nil
	})
	if len(over) > 0 {
		l.t.Errorf("settled beyond what is owed: %v", over)
	}
	_, tables, err := l.d.Aging(l.t.Context(), 0)
	if err != nil {
		l.t.Fatal(err)
	}
	aged := int64(0)
	for _, a := range tables {
		aged += a.Total
	}
	if aged != open {
		l.t.Errorf("the aged balance says %s, the ledger %s", euros(aged), euros(open))
	}
	if v, err := l.d.VerifyJournal(l.t.Context()); err != nil || v.Broken != "" {
		l.t.Errorf("journal: %+v, %v", v, err)
	}
}

// onBoth tells a story of files on each database; fresh is a company on an empty one.
func onBoth(t *testing.T, story func(t *testing.T, fresh func(*testing.T) *letterbox)) {
	storetest.Each(t, func(t *testing.T, url string) {
		empty := storetest.SQLite
		if strings.HasPrefix(url, "postgres") {
			empty = storetest.Postgres
		}
		story(t, func(t *testing.T) *letterbox { return letterboxOn(t, empty(t)).banked() })
	})
}

// What a bank's file may hold that is absurd: it is taken or told, and nothing is ever half taken.
func TestHostileStatements(t *testing.T) {
	onBoth(t, func(t *testing.T, fresh func(*testing.T) *letterbox) {
		l := fresh(t)
		l.put(ImportInvoices, "f.csv", "number,issued,due,amount,customer,customer_name\nF-26-101,2026-10-01,2026-10-31,1200.00,C1,Menuiserie Durand\n")
		l.put(ImportBank, "1.xml", camt053(
			movedOnce{day: "2026-11-03", amount: 1_000_000_000_000, name: "MENUISERIE DURAND", text: "F-26-101"},
			movedOnce{day: "2026-11-03", amount: 0, name: "X", text: "F-26-101"},
			movedOnce{day: "2026-11-04", amount: 500, name: "Y", text: strings.Repeat("F-26-999 et tout ", 60_000)}))
		l.sound()
		before := l.books()
		usd := strings.ReplaceAll(camt053(movedOnce{day: "2026-11-05", amount: 120000, name: "MENUISERIE DURAND", text: "F-26-101"}), "EUR", "USD")
		l.put(ImportBank, "usd.xml", usd)
		l.put(ImportBank, "xxx.xml", strings.ReplaceAll(usd, "USD", "XXX"))
		l.sound()
		if !strings.Contains(before, "C1 F-26-101/1 open ") || strings.Count(l.books(), "settled") < strings.Count(before, "settled") {
			t.Errorf("books\n%s", l.books())
		}
		l.see(func(tx *store.Tx) error {
			docs, err := tx.DocsByNumber(t.Context(), []string{"F-26-101"})
			if err != nil {
				return err
			}
			allocs, err := tx.AllocationsOn(t.Context(), []id.Instalment{docs[0].Items[0].ID})
			pays := map[string]bool{}
			for _, a := range allocs {
				p, err := tx.Payment(t.Context(), a.Payment)
				if err != nil {
					return err
				}
				pays[string(p.Amount.Currency)] = true
			}
			if pays["USD"] || pays["XXX"] {
				t.Errorf("an invoice in euros is settled by %v", pays)
			}
			return err
		})
		whole := camt053(november...)
		books := l.books()
		for _, cut := range []int{len(whole) / 2, len(whole) - 30} {
			if r := l.put(ImportBank, "cut.xml", whole[:cut]); r.Failure == nil {
				t.Errorf("a statement that stops after %d bytes was taken", cut)
			}
		}
		if got := l.books(); got != books {
			t.Errorf("a part of a statement was kept:\n%s", got)
		}
	})
}

// Thousands of payments of one amount on one day are each their own, and are told again without one more.
func TestEqualPayments(t *testing.T) {
	l := newLetterbox(t).banked()
	const n = 5000
	var invoices strings.Builder
	invoices.WriteString("number,issued,due,amount,customer\n")
	var moves []movedOnce
	for i := range n {
		fmt.Fprintf(&invoices, "F-26-%05d,2026-10-01,2026-10-31,29.90,C%d\n", i, i%500)
		moves = append(moves, movedOnce{day: "2026-11-03", amount: 2990, name: "ABONNE", text: fmt.Sprintf("F-26-%05d", i)})
	}
	l.put(ImportInvoices, "f.csv", invoices.String())
	l.want(l.put(ImportBank, "1.xml", camt053(moves...)), "read 5000 created 5000 updated 0 unchanged 0 rejected 0")
	l.want(l.put(ImportBank, "2.xml", camt053(moves[:n-1]...)), "read 4999 created 0 updated 0 unchanged 4999 rejected 0")
	l.want(l.put(ImportBank, "3.ofx", asOFX(moves...)), "read 5000 created 0 updated 0 unchanged 5000 rejected 0")
	if _, tables, err := l.d.Aging(t.Context(), 0); err != nil || len(tables) > 0 && tables[0].Total != 0 {
		t.Errorf("left: %+v, %v", tables, err)
	}
}
