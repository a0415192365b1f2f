package table

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"relance/internal/domain/bill"
	"relance/internal/domain/cash"
	"relance/internal/format/corpus"
)

// TestPrograms: the exports of the usual programs are recognised and read (PRODUCT.md §6).
func TestPrograms(t *testing.T) {
	for _, c := range []struct {
		program, text string
		kind          Kind
		want          []string
	}{
		{"sage", "Code tiers;Intitulé tiers;N° pièce;Date pièce;Échéance;Montant débit;Montant crédit;Mode règlement\nDUPON;DUPONT SARL;FA00123;15/09/2026;31/10/2026;1 200,00;;Virement\nDUPON;DUPONT SARL;AV00007;20/09/2026;20/09/2026;;100,00;\n", Invoices,
			[]string{"FA00123|invoice|2026-09-15|2026-10-31|1200.00 EUR|DUPON/DUPONT SARL", "AV00007|credit-note|2026-09-20|2026-09-20|100.00 EUR|DUPON/DUPONT SARL"}},
		{"ebp", "Code client;Nom client;N° document;Date document;Date échéance;Net à payer;Solde dû;Commercial\nCL001;Martin;FA00000012;01/10/2026;31/10/2026;540,00;40,00;LB\n", Invoices,
			[]string{"FA00000012|invoice|2026-10-01|2026-10-31|540.00 EUR|CL001/Martin open=40.00"}},
		{"cegid", "Auxiliaire;Libellé auxiliaire;Référence interne;Date comptable;Date échéance;Nature pièce;Débit;Crédit;Lettrage\nC0012;ETS DURAND;F2026-88;05/10/2026;05/11/2026;FC;2400,00;;\n", Invoices,
			[]string{"F2026-88|invoice|2026-10-05|2026-11-05|2400.00 EUR|C0012/ETS DURAND"}},
		{"pennylane", "Numéro de facture,Client,Date d'émission,Date d'échéance,Montant TTC,Montant restant,Statut de paiement,Identifiant externe\nF-2026-10-1,ACME SAS,2026-10-01,2026-10-31,1200.00,700.00,Partiellement payée,\n", Invoices,
			[]string{"F-2026-10-1|invoice|2026-10-01|2026-10-31|1200.00 EUR|ACME SAS/ open=700.00"}},
		{"axonaut", "Numéro;Société;Date;Date d'échéance;Total TTC;Reste à régler;Date du dernier paiement;Chargé d'affaires\n202610-5;Boulangerie Paul;02/10/2026;01/11/2026;96,50;0,00;20/10/2026;Léa\n", Invoices,
			[]string{"202610-5|invoice|2026-10-02|2026-11-01|96.50 EUR|/Boulangerie Paul open=0.00"}},
		{"sellsy", "Num. document;Tiers;Date;Échéance;Montant TTC;Restant dû;Étape;Smart-tags\nFACT-77;Tech & Co;03/10/2026;02/11/2026;350,00;350,00;Envoyée;\n", Invoices,
			[]string{"FACT-77|invoice|2026-10-03|2026-11-02|350.00 EUR|Tech & Co/ open=350.00"}},
		{"odoo", "Number,Invoice Partner Display Name,Invoice/Bill Date,Due Date,Total Signed,Amount Due Signed,Payment State\nINV/2026/00012,\"Deco Addict, SA\",2026-10-04,2026-11-03,\"1,150.00\",\"1,150.00\",Not Paid\nRINV/2026/00003,Azur,2026-10-05,2026-10-05,-50.00,-50.00,Not Paid\n", Invoices,
			[]string{"INV/2026/00012|invoice|2026-10-04|2026-11-03|1150.00 EUR|/Deco Addict, SA open=1150.00", "RINV/2026/00003|credit-note|2026-10-05|2026-10-05|50.00 EUR|/Azur open=50.00"}},
		{"dolibarr", "Réf. facture;Nom société;Code client;Date facture;Date limite règlement;Total TTC;Reste à payer\nFA2610-0042;Mairie de X;CU2610-00001;06/10/2026;05/11/2026;88,00;88,00\n", Invoices,
			[]string{"FA2610-0042|invoice|2026-10-06|2026-11-05|88.00 EUR|CU2610-00001/Mairie de X open=88.00"}},
	} {
		t.Run(c.program, func(t *testing.T) {
			s := sheet(t, c.text)
			if k := Guess(s); k != c.kind {
				t.Errorf("taken for %s", k)
			}
			m := Propose(s, c.kind)
			if m.Source != c.program {
				t.Errorf("recognised as %q", m.Source)
			}
			check(t, read(t, s, &m), c.want...)
		})
	}
}

// TestGuess: what each kind of table is taken for.
func TestGuess(t *testing.T) {
	for head, want := range map[string]Kind{
		strings.Join(Canonical[Invoices], ","):           Invoices,
		strings.Join(Canonical[Customers], ","):          Customers,
		strings.Join(Canonical[Contacts], ","):           Contacts,
		strings.Join(Canonical[Payments], ","):           Payments,
		"Client;Montant;Échéance":                        Invoices,
		"Nom;Prénom;Fonction;E-mail;Client":              Contacts,
		"Raison sociale;SIREN;Adresse;Code postal;Ville": Customers,
		"Date de règlement;Client;Montant réglé;Facture": Payments,
	} {
		if k := Guess(sheet(t, head+"\n")); k != want {
			t.Errorf("%s: %s, want %s", head, k, want)
		}
	}
}

// TestMappingIsRemembered: a mapping finds its columns in another file by their titles.
func TestMappingIsRemembered(t *testing.T) {
	a := sheet(t, "Pièce;Tiers;Échéance;Montant\nF1;C1;31/10/2026;10,00\n")
	m := Propose(a, Invoices)
	b := sheet(t, "Note;Montant;Échéance;Tiers;Pièce\nx;12,00;30/11/2026;C2;F2\n")
	if !m.Fits(b) {
		t.Fatal("the same titles in another order do not fit")
	}
	check(t, read(t, b, &m), "F2|invoice||2026-11-30|12.00 EUR|C2/")
	if m.Fits(sheet(t, "Pièce;Tiers;Montant\nF1;C1;1\n")) {
		t.Error("a missing column fits")
	}
}

// withoutLevies are the months in which the dairy paid the milk alone, before it deducted the
// levies that the invoices hold: 5.537 t × (0.107 + 1.113 × 1.2 + 0.36 × 1.2) = 10.37 in January.
var withoutLevies = map[string]string{"2019015026600": "TERRILACTI 1708.89 EUR", "2019025026600": "TERRILACTI 1670.49 EUR",
	"2019035026600": "TERRILACTI 2523.46 EUR", "2019045026600": "TERRILACTI 3121.65 EUR", "2019055026600": "TERRILACTI 3433.85 EUR"}

// TestEkylibre: product lines before tax make, to the cent, the invoices that the payments pay.
func TestEkylibre(t *testing.T) {
	corpus.Run(t, "7-csv-exports/ekylibre-AGPL/ekylibre", func(t *testing.T, dir string) {
		open := func(name string) *Sheet {
			raw, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			return sheet(t, string(raw))
		}
		paid := map[string]string{}
		p := open("incoming_payments.csv")
		m := Propose(p, Payments)
		if err := p.ReadPayments(&m, func(d *cash.Draft, n *Notes) bool {
			if len(n.Errors) > 0 {
				t.Errorf("%+v", n.Errors)
			}
			paid[d.Reference] = fmt.Sprintf("%s %s", d.Customer, d.Amount)
			return true
		}); err != nil {
			t.Fatal(err)
		}
		s := open("sales.csv")
		if m = Propose(s, Invoices); !m.ProductLines {
			t.Fatal("product lines are not recognised")
		}
		n := 0
		if err := s.ReadInvoices(&m, func(d *bill.Draft, notes *Notes) bool {
			n++
			if len(notes.Errors) > 0 {
				t.Errorf("%+v", notes.Errors)
			}
			want := paid[d.Number]
			if other, unlike := withoutLevies[d.Number]; unlike {
				want = other
			}
			if got := fmt.Sprintf("%s %s", d.Customer.Code, d.Payable); got != want {
				t.Errorf("%s: %s, paid %s", d.Number, got, paid[d.Number])
			}
			return true
		}); err != nil {
			t.Fatal(err)
		}
		if n != 9 || len(paid) != 9 {
			t.Errorf("%d invoices, %d payments", n, len(paid))
		}
	})
}
