package table

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"relance/internal/domain/bill"
	"relance/internal/domain/cash"
	"relance/internal/domain/party"
	"relance/internal/format/charset"
	"relance/internal/ground/cal"
	"relance/internal/ground/money"
)

func sheet(t testing.TB, text string) *Sheet {
	t.Helper()
	s, err := Open("test.csv", strings.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	return s
}

// read gives one text a draft, with its problems: what a person would note of it.
func read(t testing.TB, s *Sheet, m *Mapping) (out []string) {
	t.Helper()
	note := func(n *Notes, d string) {
		for _, p := range n.Errors {
			d += fmt.Sprintf(" !%d %s %s=%q", p.Line, p.Key, p.Field, p.Value)
		}
		for _, p := range n.Warnings {
			d += fmt.Sprintf(" ?%d %s %s=%q", p.Line, p.Key, p.Field, p.Value)
		}
		out = append(out, d)
	}
	var err error
	switch m.Kind {
	case Invoices:
		err = s.ReadInvoices(m, func(d *bill.Draft, n *Notes) bool { note(n, say(d)); return true })
	case Customers:
		err = s.ReadCustomers(m, func(d *party.Draft, n *Notes) bool {
			note(n, fmt.Sprintf("%s|%s|%s|%s|%s|%s", d.Code, d.Name, d.Kind, d.SIREN, strings.ReplaceAll(d.Address, "\n", "/"), d.Terms))
			return true
		})
	case Contacts:
		err = s.ReadContacts(m, func(d *party.ContactDraft, n *Notes) bool {
			note(n, fmt.Sprintf("%s|%s|%s|%s|%s", d.Customer, d.Name, RoleOf(d.Role), d.Email, d.Phone))
			return true
		})
	case Payments:
		err = s.ReadPayments(m, func(d *cash.Draft, n *Notes) bool {
			note(n, fmt.Sprintf("%s|%s|%s|%s|%s|%s", d.Customer, d.Date, d.Amount, d.Invoice, d.Reference, d.Method))
			return true
		})
	}
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	return out
}

func say(d *bill.Draft) string {
	var due cal.Date
	if len(d.Instalments) > 0 {
		due = d.Instalments[0].Due
	}
	s := fmt.Sprintf("%s|%s|%s|%s|%s|%s/%s", d.Number, d.Kind, d.Issued, due, d.Payable, d.Customer.Code, d.Customer.Name)
	opt := func(name string, a *money.Amount) {
		if a != nil {
			s += " " + name + "=" + a.Decimal()
		}
	}
	opt("paid", d.Paid)
	opt("open", d.Open)
	opt("disputed", d.Disputed)
	if d.LastLevel != nil {
		s += fmt.Sprintf(" level=%d on %s", *d.LastLevel, d.LastSentOn)
	}
	return s
}

func check(t *testing.T, got []string, want ...string) {
	t.Helper()
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("got\n%s\nwant\n%s", g, w)
	}
}

func TestInvoices(t *testing.T) {
	cases := []struct {
		name, text string
		want       []string
	}{
		{"canonical", "number,kind,issued,due,amount,currency,customer,customer_name,paid,disputed,last_level,last_reminded_on\n" +
			"F-1,invoice,2026-10-01,2026-10-31,1200.00,EUR,C001,ACME,200.00,,1,2026-11-05\n" +
			"A-1,credit-note,2026-10-02,,50,EUR,C001,ACME,,,,\n" +
			"F-2,invoice,2026-10-01,2026-10-31,100.00,USD,C002,Beta,,yes,,\n",
			[]string{"F-1|invoice|2026-10-01|2026-10-31|1200.00 EUR|C001/ACME paid=200.00 level=1 on 2026-11-05",
				"A-1|credit-note|2026-10-02||50.00 EUR|C001/ACME",
				"F-2|invoice|2026-10-01|2026-10-31|100.00 USD|C002/Beta disputed=100.00"}},
		{"French, semicolons, spaces of thousands", "N° facture;Date facture;Échéance;Montant TTC;Client\n" +
			"F1;01/10/2026;31/10/2026;1 234,56 €;Boulangerie Martin\nF2;01/10/2026;31/10/2026;-20,00;Dupont\n",
			[]string{"F1|invoice|2026-10-01|2026-10-31|1234.56 EUR|Boulangerie Martin/",
				"F2|credit-note|2026-10-01|2026-10-31|20.00 EUR|Dupont/"}},
		{"three columns are enough", "Client;Montant;Échéance\nDupont;100,00;31/10/2026\nDupont;50,00;31/10/2026\nTotal;150,00;\n",
			[]string{"Dupont 2026-10-31|invoice||2026-10-31|100.00 EUR|Dupont/", "Dupont 2026-10-31 (2)|invoice||2026-10-31|50.00 EUR|Dupont/"}},
		{"month first when the column proves it", "Invoice number,Invoice date,Due date,Amount,Customer\nI1,10/01/2026,10/31/2026,\"1,234.56\",Acme\nI2,10/02/2026,11/01/2026,12.00,Acme\n",
			[]string{"I1|invoice|2026-10-01|2026-10-31|1234.56 EUR|Acme/", "I2|invoice|2026-10-02|2026-11-01|12.00 EUR|Acme/"}},
		{"impossible values name their field", "number;due;amount;customer\nF1;31/02/2026;10,00;C1\nF2;30/04/2026;douze;C1\nF3;30/04/2026;;C1\nF4;30/04/2026;5,00;\n",
			[]string{"F1|invoice|||10.00 EUR|C1/ !2 date.impossible due=\"31/02/2026\"",
				"F2|invoice|||0.00 |C1/ !3 amount.unreadable amount=\"douze\"", "F3|invoice|||0.00 |C1/ !4 format.missing amount=\"\"",
				"F4|invoice||2026-04-30|5.00 EUR|/ !5 format.missing customer=\"\""}},
		{"a balance only", "Tiers;Pièce;Échéance;Solde\nC1;F9;30/09/2026;80,00\n",
			[]string{"F9|invoice||2026-09-30|80.00 EUR|C1/ open=80.00"}},
		{"drafts, quotes and cancelled ones are left out", "number;status;due;amount;customer\nF1;Brouillon;01/10/2026;1,00;C\nF2;Payée;01/10/2026;2,00;C\nF3;Annulée;01/10/2026;3,00;C\n",
			[]string{"||||0.00 |/ ?2 format.table.draft status=\"Brouillon\"", "F2|invoice||2026-10-01|2.00 EUR|C/ paid=2.00",
				"||||0.00 |/ ?4 format.table.cancelled status=\"Annulée\""}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := sheet(t, c.text)
			m := Propose(s, Invoices)
			check(t, read(t, s, &m), c.want...)
		})
	}
}

func TestOtherTables(t *testing.T) {
	s := sheet(t, "code;name;kind;siren;address;terms\nC1;ACME;PRO;732829320;1 rue X;30 jours\n;;;;;\n;Sans code;;;;\n")
	m := Propose(s, Customers)
	check(t, read(t, s, &m), "C1|ACME|PRO|732829320|1 rue X|30 jours", "|Sans code||||")

	s = sheet(t, "Client;Nom;Prénom;Fonction;E-mail;Téléphone\nC1;Durand;Anne;Comptable fournisseurs;a@x.fr;'+33 1\nC1;;;;;\n")
	m = Propose(s, Contacts)
	check(t, read(t, s, &m), "C1|Anne Durand|accounting|a@x.fr|+33 1", "C1||other|| !3 format.missing email=\"\"")

	s = sheet(t, "Date règlement;Client;Montant réglé;Facture;Mode de règlement;Référence\n05/11/2026;C1;100,00;F1;Virement SEPA;VIR 12\n31/11/2026;C1;1,00;;Troc;\n")
	m = Propose(s, Payments)
	check(t, read(t, s, &m), "C1|2026-11-05|100.00 EUR|F1|VIR 12|transfer",
		"C1||1.00 EUR||| !3 date.impossible date=\"31/11/2026\" ?3 format.table.method method=\"Troc\"")
}

func TestEncodings(t *testing.T) {
	text := "Numéro;Échéance;Montant;Client\r\nF1;31/10/2026;12,50 €;Société Générale d'Électricité\r\n"
	want := "F1|invoice||2026-10-31|12.50 EUR|Société Générale d'Électricité/"
	var cp, le bytes.Buffer
	le.WriteString("\xff\xfe")
	for _, r := range text {
		if r == '€' {
			cp.WriteByte(0x80)
		} else {
			cp.WriteByte(byte(r))
		}
		le.WriteByte(byte(r))
		le.WriteByte(byte(r >> 8))
	}
	for name, raw := range map[string]string{"utf-8": text, "utf-8 with its mark": "\ufeff" + text, "windows-1252": cp.String(), "utf-16": le.String(), "old Mac": strings.ReplaceAll(text, "\r\n", "\r")} {
		t.Run(name, func(t *testing.T) {
			s := sheet(t, raw)
			m := Propose(s, Invoices)
			check(t, read(t, s, &m), want)
			if name == "windows-1252" && s.Charset != charset.CP1252 {
				t.Errorf("charset %s", s.Charset)
			}
		})
	}
}
