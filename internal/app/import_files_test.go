package app

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"relance/internal/domain/org"
	"relance/internal/format/corpus"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// ubl writes a small e-invoice.
func ublInvoice(kind, number, seller, buyer, due, payable, preceding string) string {
	root, line := "Invoice", "InvoiceTypeCode"
	if kind == "381" {
		root, line = "CreditNote", "CreditNoteTypeCode"
	}
	if due != "" {
		due = "<cbc:DueDate>" + due + "</cbc:DueDate>"
	}
	if preceding != "" {
		preceding = "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>" + preceding + "</cbc:ID></cac:InvoiceDocumentReference></cac:BillingReference>"
	}
	return fmt.Sprintf(`<%[1]s xmlns="urn:oasis:names:specification:ubl:schema:xsd:%[1]s-2" xmlns:cac="c" xmlns:cbc="b"><cbc:ID>%[2]s</cbc:ID><cbc:IssueDate>2026-10-01</cbc:IssueDate>%[6]s<cbc:%[3]s>%[4]s</cbc:%[3]s><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>%[8]s
<cac:AccountingSupplierParty><cac:Party><cac:PartyLegalEntity><cbc:RegistrationName>Us</cbc:RegistrationName><cbc:CompanyID schemeID="0002">%[5]s</cbc:CompanyID></cac:PartyLegalEntity></cac:Party></cac:AccountingSupplierParty>
<cac:AccountingCustomerParty><cac:Party>%[9]s</cac:Party></cac:AccountingCustomerParty>
<cac:LegalMonetaryTotal><cbc:TaxInclusiveAmount>%[7]s</cbc:TaxInclusiveAmount><cbc:PayableAmount>%[7]s</cbc:PayableAmount></cac:LegalMonetaryTotal></%[1]s>`,
		root, number, line, kind, seller, due, payable, preceding, buyer)
}

func buyer(name, siren, postcode string) string {
	return `<cac:PostalAddress><cbc:StreetName>1 rue X</cbc:StreetName><cbc:CityName>Lyon</cbc:CityName><cbc:PostalZone>` + postcode + `</cbc:PostalZone><cac:Country><cbc:IdentificationCode>FR</cbc:IdentificationCode></cac:Country></cac:PostalAddress><cac:PartyLegalEntity><cbc:RegistrationName>` +
		name + `</cbc:RegistrationName><cbc:CompanyID schemeID="0002">` + siren + `</cbc:CompanyID></cac:PartyLegalEntity>`
}

func TestEInvoices(t *testing.T) {
	l := newLetterbox(t)
	l.put(ImportCustomers, "c.csv", "code,name,siren,postcode,terms\nC1,ACME,732829320,,45 days eom\nC2,Beta,,69001,\n")
	put := func(name, text string) *FileReport { return l.put(ImportInvoices, name, text) }
	put("1.xml", ublInvoice("380", "F-1", "", buyer("Acme SAS", "732829320", "69001"), "2026-10-31", "120.00", "")) // by SIREN
	put("2.xml", ublInvoice("380", "F-2", "", buyer("beta", "", "69001"), "", "50.00", ""))                         // by name and postcode, 30 days
	put("3.xml", ublInvoice("380", "F-3", "", buyer("Beta", "", "75001"), "2026-11-30", "60.00", ""))               // the same name elsewhere is another
	put("4.xml", ublInvoice("380", "F-4", "", buyer("ACME", "732829320", ""), "", "10.00", ""))                     // the customer's own terms
	put("5.xml", ublInvoice("381", "A-1", "", buyer("ACME", "732829320", ""), "", "20.00", "F-1"))                  // settles what it corrects
	l.want(put("6.xml", ublInvoice("751", "X", "", buyer("ACME", "732829320", ""), "", "20.00", "")),
		"read 1 created 0 updated 0 unchanged 0 rejected 1; line 1 kind: type 751: an accounting document, not an invoice")
	l.holds(`
Beta Beta
  F-3 invoice 60.00 EUR [2026-11-30 6000 open 6000]
C1 ACME PRO?
  A-1 credit-note 20.00 EUR [2026-10-01 2000 open 0]
  F-1 invoice 120.00 EUR [2026-10-31 12000 open 10000]
  F-4 invoice 10.00 EUR [2026-11-30 1000 open 1000] due terms
C2 Beta
  F-2 invoice 50.00 EUR [2026-10-31 5000 open 5000] due default`)
}

// TestOriginalIsKept: the file itself, byte for byte.
func TestOriginalIsKept(t *testing.T) {
	l := newLetterbox(t)
	text := ublInvoice("380", "F-1", "", buyer("ACME", "732829320", ""), "2026-10-31", "120.00", "")
	l.put(ImportInvoices, "F-1.xml", text)
	err := l.d.view(context.Background(), func(tx *store.Tx) error {
		docs, err := tx.DocsByNumber(context.Background(), []string{"F-1"})
		if err != nil {
			return err
		}
		b, media, err := l.s.Files().Get(context.Background(), docs[0].Original)
		if string(b) != text || media != "application/xml" || docs[0].FileName != "F-1.xml" {
			t.Errorf("%d bytes of %s as %s", len(b), docs[0].FileName, media)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestSeller(t *testing.T) {
	for _, c := range []struct {
		ours, theirs string
		refused      bool
	}{{"", "552100554", false}, {"732829320", "732829320", false}, {"732829320", "552100554", true}} {
		l := newLetterbox(t)
		if c.ours != "" {
			if err := l.s.Update(context.Background(), l.d.actor.Company, func(tx *store.Tx) error {
				_, err := tx.SaveProfile(context.Background(), org.Profile{Name: "Us", SIREN: c.ours})
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		r := l.put(ImportInvoices, "1.xml", ublInvoice("380", "F-1", c.theirs, buyer("ACME", "", ""), "", "1.00", ""))
		if refused := len(r.Errors) == 1 && r.Errors[0].Field == "seller"; refused != c.refused {
			t.Errorf("%+v: %s", c, counts(r))
		}
	}
}

const fecHead = "JournalCode|JournalLib|EcritureNum|EcritureDate|CompteNum|CompteLib|CompAuxNum|CompAuxLib|PieceRef|PieceDate|EcritureLib|Debit|Credit|EcritureLet|DateLet|ValidDate\n"

func fecLine(journal, date, account, aux, ref, debit, credit, letter string) string {
	return strings.Join([]string{journal, "", ref + date + account, date, account, "Clients", aux, "Client " + aux, ref, date, "x", debit, credit, letter, "", ""}, "|") + "\n"
}

func TestImportFEC(t *testing.T) {
	l := newLetterbox(t)
	base := fecHead + fecLine("VE", "20260905", "411000", "C1", "F1", "100,00", "", "A") + fecLine("BQ", "20261010", "411000", "C1", "V1", "", "60,00", "A") +
		fecLine("VE", "20260906", "411700", "C1", "F2", "10,00", "", "") + fecLine("OD", "20260907", "413000", "C1", "E3", "20,00", "", "") +
		fecLine("OD", "20260908", "416000", "C2", "F4", "30,00", "", "") + fecLine("BQ", "20260909", "419100", "C2", "AC5", "", "40,00", "") +
		fecLine("AN", "20260101", "411000", "C2", "", "50,00", "", "")
	r := l.put(ImportFEC, "fec.txt", base)
	l.want(r, "read 5 created 5 updated 0 unchanged 0 rejected 0")
	if f := r.FEC; f.Customers != 2 || f.Entries != 4 || f.NetOpen.Decimal() != "100.00" {
		t.Errorf("%+v", f)
	}
	const ledger = `
C1 Client C1
  F1 invoice 100.00 EUR [2026-10-05 10000 open 4000] due estimated
  F2 retention 10.00 EUR [2026-10-06 1000 open 1000] due estimated
  E3 invoice 20.00 EUR [2026-10-07 2000 open 2000] due estimated
  asserted 2026-10-10 60.00 EUR rest 0
  hold pause until  amount 0
  hold bill until  amount 0
C2 Client C2
  C2 2026-01-01 invoice 50.00 EUR [2026-01-31 5000 open 5000] due estimated
  F4 invoice 30.00 EUR [2026-10-08 3000 open 3000] due estimated
  identified 2026-09-09 40.00 EUR rest 4000
  hold pause until  amount 0`
	l.holds(ledger)
	l.want(l.put(ImportFEC, "fec.txt", base), "read 5 created 0 updated 0 unchanged 5 rejected 0")
	l.holds(ledger)
	// The next export: F1 is settled, the deposit is used.
	r = l.put(ImportFEC, "fec2.txt", base+fecLine("BQ", "20261110", "411000", "C1", "V2", "", "40,00", "A")+fecLine("OD", "20261111", "419100", "C2", "AC5", "40,00", "", ""))
	if r.Settled != 1 {
		t.Errorf("settled %d", r.Settled)
	}
	// Terms stated by a person: the estimate gives way.
	l.put(ImportCustomers, "c.csv", "code;name;terms\nC1;Client C1;60 jours\n")
	err := l.d.view(context.Background(), func(tx *store.Tx) error {
		docs, err := tx.DocsByNumber(context.Background(), []string{"E3"})
		if err == nil && (docs[0].DueSource != "terms" || docs[0].Items[0].Due.String() != "2026-11-06") {
			t.Errorf("due %s, %s", docs[0].Items[0].Due, docs[0].DueSource)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	r = l.put(ImportFEC, "not.txt", "a;b;c\n1;2;3\n")
	if fault.Key(r.Failure) != "NOT_A_FEC" {
		t.Errorf("%v", r.Failure)
	}
}

// TestLedgersReconcile: what the letterbox holds of a real ledger is its 411 accounts, to the cent.
func TestLedgersReconcile(t *testing.T) {
	corpus.Run(t, "3-fec", func(t *testing.T, dir string) {
		for _, f := range corpus.Files(t, dir, ".txt") {
			raw, err := os.ReadFile(filepath.Join(dir, f))
			if err != nil {
				t.Fatal(err)
			}
			l := newLetterbox(t)
			r := l.put(ImportFEC, filepath.Base(f), string(raw))
			if strings.Contains(f, "Exportation") {
				if fault.Key(r.Failure) != "NOT_A_FEC" {
					t.Errorf("%s: %v", f, r.Failure)
				}
				continue
			}
			if len(r.Reconciliation) != 1 || r.Reconciliation[0].Difference != 0 || r.Reconciliation[0].Account != r.FEC.NetOpen.Minor {
				t.Errorf("%s: %+v, net %s", f, r.Reconciliation, r.FEC.NetOpen)
			}
			before := l.ledger()
			if again := l.put(ImportFEC, filepath.Base(f), string(raw)); again.Created+again.Updated != 0 {
				t.Errorf("%s again: %s", f, counts(again))
			}
			l.holds(before)
		}
	})
}

// TestCorpusFolder takes the whole e-invoice corpus in twice: the second time changes nothing.
func TestCorpusFolder(t *testing.T) {
	corpus.Run(t, "1-einvoice/xp-z12-014", func(t *testing.T, dir string) {
		l := newLetterbox(t)
		take := func() (created, updated int) {
			set, err := FilesAt([]string{dir})
			if err != nil {
				t.Fatal(err)
			}
			defer set.Close()
			r, err := l.d.Import(context.Background(), set.Files, ImportOptions{Kind: ImportAuto})
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range r.Files {
				created, updated = created+f.Created, updated+f.Updated
			}
			return created, updated
		}
		if created, _ := take(); created != 4 {
			t.Errorf("%d invoices", created)
		}
		before := l.ledger()
		if created, updated := take(); created+updated != 0 {
			t.Errorf("again: %d created, %d updated", created, updated)
		}
		l.holds(before)
	})
}

func zipOf(t *testing.T, files ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err == nil {
			_, err = w.Write([]byte(files[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	p := filepath.Join(t.TempDir(), "a.zip")
	if err := os.WriteFile(p, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return p
}

// TestZip: customers, invoices and payments of one zip find one another, whatever their order;
// the column "file" names documents inside it, never outside.
func TestZip(t *testing.T) {
	l := newLetterbox(t)
	p := zipOf(t, "a/payments.csv", "customer,date,amount,invoice\nC1,2026-11-02,10.00,F-1\n",
		"a/invoices.csv", "number,due,amount,customer,file\nF-1,2026-10-31,100.00,C1,pdf/F-1.pdf\nF-2,2026-10-31,5.00,C1,../../etc/passwd\n",
		"a/pdf/F-1.pdf", "%PDF-1.4 no invoice in it", "z/customers.csv", "code,name,siren\nC1,ACME,732829320\n", "__MACOSX/x.csv", "a;b\n")
	set, err := FilesAt([]string{p})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	r, err := l.d.Import(context.Background(), set.Files, ImportOptions{Kind: ImportAuto})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Files) != 3 || r.Failure() != nil {
		t.Errorf("%d files, %v", len(r.Files), r.Failure())
	}
	l.holds(`
C1 ACME PRO?
  F-1 invoice 100.00 EUR [2026-10-31 10000 open 9000]
  F-2 invoice 5.00 EUR [2026-10-31 500 open 500]
  identified 2026-11-02 10.00 EUR rest 0`)
	for _, f := range r.Files {
		if f.Kind == ImportInvoices && (len(f.Warnings) != 1 || f.Warnings[0].Key != "import.file.outside") {
			t.Errorf("%+v", f.Warnings)
		}
	}
}

func TestHostileSets(t *testing.T) {
	for name, c := range map[string]struct{ path, key string }{
		"a name that climbs": {zipOf(t, "../x.csv", "a;b\n"), "import.zip.name"},
		"an absolute name":   {zipOf(t, "/x.csv", "a;b\n"), "import.zip.name"},
		"a bomb":             {zipOf(t, "x.csv", strings.Repeat("0", 100<<20)), "import.zip.bomb"},
		"nothing in it":      {zipOf(t), "import.nothing"},
		"no such file":       {"nowhere.csv", "import.no-file"},
	} {
		if _, err := FilesAt([]string{c.path}); fault.Key(err) != c.key {
			t.Errorf("%s: %v", name, err)
		}
	}
	dir := t.TempDir()
	secret := filepath.Join(t.TempDir(), "secret.pdf")
	if err := os.WriteFile(secret, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, filepath.Join(dir, "link.pdf")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "i.csv"), []byte("number;due;amount;customer;file\nF1;2026-10-31;1,00;C;link.pdf\nF2;2026-10-31;1,00;C;/etc/passwd\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	set, err := FilesAt([]string{dir})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	if len(set.Files) != 1 {
		t.Errorf("a link was followed: %+v", set.Files)
	}
	r, err := newLetterbox(t).d.Import(context.Background(), set.Files, ImportOptions{Kind: ImportInvoices})
	if err != nil {
		t.Fatal(err)
	}
	if w := r.Files[0].Warnings; len(w) != 2 || w[0].Key != "import.file.outside" || w[1].Key != "import.file.outside" {
		t.Errorf("%+v", w)
	}
}

// TestInterrupted: an import that never came to its end is taken back by the next.
func TestInterrupted(t *testing.T) {
	l := newLetterbox(t)
	l.put(ImportInvoices, "1.csv", "number,issued,due,amount,customer\nF-1,2026-10-01,2026-10-31,100.00,C1\n")
	before := l.ledger()
	r := l.put(ImportInvoices, "2.csv", "number,issued,due,amount,customer\nF-1,2026-10-01,2026-10-31,120.00,C1\nF-2,2026-10-01,2026-10-31,9.00,C2\n")
	err := l.s.Update(context.Background(), l.d.actor.Company, func(tx *store.Tx) error {
		f, err := tx.Import(context.Background(), r.ID)
		f.State, f.Report = "running", ""
		if err != nil {
			return err
		}
		return tx.SetImport(context.Background(), &f)
	})
	if err != nil {
		t.Fatal(err)
	}
	for range int(deadAfter.Seconds()) { // the clock of these tests goes on a second a reading
		l.d.now()
	}
	if err := l.d.RecoverImports(context.Background()); err != nil {
		t.Fatal(err)
	}
	l.holds(before)
}

// TestLevels: items go on from where another program's reminders left them (rule 4).
func TestLevels(t *testing.T) {
	l := newLetterbox(t)
	l.put(ImportInvoices, "1.csv", "number,issued,due,amount,customer,last_level,last_reminded_on\nF-1,2026-08-01,2026-08-31,100.00,C1,2,2026-10-05\nF-2,2026-08-01,2026-08-31,100.00,C1,,\n")
	err := l.d.view(context.Background(), func(tx *store.Tx) error {
		docs, err := tx.DocsByNumber(context.Background(), []string{"F-1", "F-2"})
		if err != nil {
			return err
		}
		states, err := tx.States(context.Background(), []id.Instalment{docs[0].Items[0].ID, docs[1].Items[0].ID})
		if s := states[docs[0].Items[0].ID]; len(states) != 1 || s.Level != 2 || s.Step != "reminder-2" || s.SentOn.String() != "2026-10-05" || s.Scenario == 0 {
			t.Errorf("%+v", states)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestCustomersAndContacts(t *testing.T) {
	l := newLetterbox(t)
	const file = "code;name;kind;siren;vat;terms;email\nC1;ACME;;732829320;;30 jours;a@x.fr\nC2;Mairie;;213105554;;;\nC3;Jean;particulier;;;;\nC4;Sûr;;;FR44732829320;;\nC5;Faux;martien;;;;\nC6;Délai;;;;un jour;\n"
	l.want(l.put(ImportCustomers, "c.csv", file), "read 6 created 4 updated 0 unchanged 0 rejected 2; line 6 kind: unknown kind of customer; line 7 terms: payment terms not understood: “un jour”; for example “net 30” or “45 days eom”")
	l.holds("C1 ACME PRO?\nC2 Mairie PUBLIC?\nC3 Jean CONSUMER\nC4 Sûr PRO")
	l.want(l.put(ImportCustomers, "c.csv", "code;name\nC1;ACME SAS\nC2;Mairie\n"), "read 2 created 0 updated 1 unchanged 1 rejected 0")
	const contacts = "customer,name,role,email\nC1,Anne,accounting,anne@x.fr\nC9,Bob,,b@x.fr\nMairie,Eve,DGS,e@x.fr\n"
	l.want(l.put(ImportContacts, "k.csv", contacts), "read 3 created 2 updated 0 unchanged 0 rejected 1; line 3 customer: unknown customer")
	l.want(l.put(ImportContacts, "k2.csv", strings.Replace(contacts, "Anne", "Anne D.", 1)), "read 3 created 0 updated 1 unchanged 1 rejected 1; line 3 customer: unknown customer")
}

// A file that somebody calls a bank's and that is none says so.
func TestNoStatement(t *testing.T) {
	l := newLetterbox(t)
	for name, want := range map[string]string{"x.csv": "import.columns", "x.ofx": "bank.ofx.not"} {
		text := map[string]string{"x.csv": "a;b\n1;2\n", "x.ofx": "OFXHEADER:100\n"}[name]
		if r := l.put(ImportBank, name, text); fault.Key(r.Failure) != want {
			t.Errorf("%s: %v", name, r.Failure)
		}
	}
}
