package table

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"relance/internal/domain/bank"
	"relance/internal/format/corpus"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
)

// readBank gives a statement as a person would note it: the movements, then the accounts.
func readBank(t testing.TB, s *Sheet) (out []string) {
	t.Helper()
	m := Propose(s, Bank)
	sts, err := s.ReadBank(&m, func(st *bank.Statement, e *bank.Entry) error {
		l := e.Lines[0]
		x := fmt.Sprintf("%d %s/%s %s %q %s", e.Line, e.Booked, e.Value, money.Of(e.Amount, st.Currency), l.Text, l.Method)
		for _, f := range []struct{ name, value string }{{"from", l.Payer.Name}, {"iban", l.Payer.IBAN}, {"ref", e.Ref}, {"rf", l.Structured}, {"e2e", l.EndToEnd}} {
			if f.value != "" {
				x += " " + f.name + "=" + f.value
			}
		}
		if l.Return != nil {
			x += " back"
		}
		if l.Charges > 0 {
			x += fmt.Sprintf(" charges=%d", l.Charges)
		}
		out = append(out, x)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, st := range sts {
		day := func(b *bank.Balance) string {
			if b == nil {
				return "none"
			}
			return fmt.Sprintf("%s %s", b.On, money.Of(b.Amount, st.Currency))
		}
		out = append(out, fmt.Sprintf("= %s %s %s..%s: %s → %s, %d, %d", st.Account, st.Currency, st.From, st.To, day(st.Opening), day(st.Closing), st.Entries, st.Moved))
		for _, list := range [][]fault.Problem{st.Errors, st.Warnings} {
			for _, p := range list {
				if !i18n.Has(p.Key) {
					t.Errorf("no message %s", p.Key)
				}
				out = append(out, fmt.Sprintf("! %d %s %s %q", p.Line, p.Key, p.Field, p.Value))
			}
		}
	}
	return out
}

// banks are exports as French banks write them, with our own movements.
var banks = []struct {
	bank, text string
	want       []string
}{
	{"Crédit Agricole", "Téléchargement du 16/11/2026;\n\nSARL EXEMPLE;\nCompte de Dépôt carte n° 12345678901;\nSolde au 15/11/2026 1 234,56 €;\n\nListe des opérations du compte entre le 01/11/2026 et le 15/11/2026;\n\nDate;Libellé;Débit euros;Crédit euros;\n" +
		"05/11/2026;\"VIREMENT EN VOTRE FAVEUR\nDUPONT SARL\nFACTURE F-12\";;1 200,00;\n04/11/2026;\"PRELEVEMENT\nEDF\";45,10;;\n", []string{
		`10 2026-11-05/2026-11-05 1200.00 EUR "VIREMENT EN VOTRE FAVEUR DUPONT SARL FACTURE F-12" transfer`,
		`13 2026-11-04/2026-11-04 -45.10 EUR "PRELEVEMENT EDF" direct-debit`,
		"= 12345678901 EUR 2026-11-04..2026-11-05: none → 2026-11-15 1234.56 EUR, 2, 115490"}},
	{"CIC, newest first", "Date;Date de valeur;Débit;Crédit;Libellé;Solde\n06/11/2026;05/11/2026;-10,00;;PRLV SEPA ORANGE;1 090,00\n05/11/2026;05/11/2026;;100,00;VIR MARTIN F-2026-7;1 100,00\n", []string{
		`2 2026-11-06/2026-11-05 -10.00 EUR "PRLV SEPA ORANGE" direct-debit`,
		`3 2026-11-05/2026-11-05 100.00 EUR "VIR MARTIN F-2026-7" transfer`,
		"=  EUR 2026-11-05..2026-11-06: 2026-11-04 1000.00 EUR → 2026-11-06 1090.00 EUR, 2, 9000"}},
	{"Société Générale", "=\"00012345678\";01/11/2026;30/11/2026;2;30/11/2026;27423,29 EUR\n\nDate de l'opération;Libellé;Détail de l'écriture;Montant de l'opération;Devise\n" +
		"18/11/2026;VIR RECU;VIR RECU 1234 DE: DUPONT SARL MOTIF: F-12;50,00;EUR\n17/11/2026;CARTE X1306;CARTE X1306 17/11 BOULANGERIE;-26,01;EUR\n", []string{
		`4 2026-11-18/2026-11-18 50.00 EUR "VIR RECU\nVIR RECU 1234 DE: DUPONT SARL MOTIF: F-12" transfer`,
		`5 2026-11-17/2026-11-17 -26.01 EUR "CARTE X1306\nCARTE X1306 17/11 BOULANGERIE" card`,
		"= 00012345678 EUR 2026-11-17..2026-11-18: none → 2026-11-30 27423.29 EUR, 2, 2399"}},
	{"BNP Paribas", "Compte de chèques;****1234;30/11/2026;;1 000,00\n\nDate operation;Libelle court;Type operation;Libelle operation;Montant operation en euro\n03/11/2026;VIREMENT RECU;VIR;VIR SEPA RECU /DE DUPONT /MOTIF RF24FAC2026001;300,00\n02/11/2026;IMPAYE;CHQ;CHEQUE IMPAYE 1234567;-80,00\n", []string{
		`4 2026-11-03/2026-11-03 300.00 EUR "VIR SEPA RECU /DE DUPONT /MOTIF RF24FAC2026001" transfer`,
		`5 2026-11-02/2026-11-02 -80.00 EUR "CHEQUE IMPAYE 1234567" cheque back`,
		"=  EUR 2026-11-02..2026-11-03: none → 2026-11-30 1000.00 EUR, 2, 22000"}},
	{"Banque Populaire", "Date de comptabilisation;Libelle simplifie;Libelle operation;Reference;Informations complementaires;Type operation;Categorie;Sous categorie;Debit;Credit;Date operation;Date de valeur;Pointage operation\n" +
		"09/11/2026;DUPONT;VIR INST DUPONT;AB12;FACTURE F-12;Virement recu;Encaissement;Client;;2 500,00;08/11/2026;09/11/2026;0\n10/11/2026;REJET;REJET PRLV MARTIN;AB13;;Prelevement;;;-30,00;;10/11/2026;10/11/2026;0\n", []string{
		`2 2026-11-09/2026-11-09 2500.00 EUR "VIR INST DUPONT\nFACTURE F-12\nAB12" transfer ref=AB12`,
		`3 2026-11-10/2026-11-10 -30.00 EUR "REJET PRLV MARTIN\nAB13" direct-debit ref=AB13 back`,
		"=  EUR 2026-11-09..2026-11-10: none → none, 2, 247000"}},
	{"La Banque Postale", "Numéro Compte   :;0123456A033\nType         :;CCP\nCompte tenu en  :;euros\nDate            :;15/11/2026\nSolde (EUROS)   :;1 234,56\n\nDate;Libellé;Montant(EUROS)\n12/11/2026;VIREMENT DE DUPONT;150,00\n11/11/2026;ACHAT CB CASTO;-12,30\n", []string{
		`8 2026-11-12/2026-11-12 150.00 EUR "VIREMENT DE DUPONT" transfer`,
		`9 2026-11-11/2026-11-11 -12.30 EUR "ACHAT CB CASTO" card`,
		"= 0123456A033 EUR 2026-11-11..2026-11-12: none → 2026-11-15 1234.56 EUR, 2, 13770"}},
	{"BoursoBank", "dateOp;dateVal;label;category;categoryParent;supplierFound;amount;comment;accountNum;accountLabel;accountbalance\n2026-11-15;2026-11-15;\"VIR DUPONT\";Virements;Mouvements;;1 718,70;;00040123456;PRO;4 425,21\n2026-11-14;2026-11-14;\"CARTE 13/11\";Achats;Vie;casto;-49,40;;00040123456;PRO;4 425,21\n2026-11-13;2026-11-14;\"CARTE 12/11\";Achats;Vie;casto;-9,40;;00040123456;PRO;4 425,21\n", []string{
		`2 2026-11-15/2026-11-15 1718.70 EUR "VIR DUPONT" transfer`,
		`3 2026-11-14/2026-11-14 -49.40 EUR "CARTE 13/11" card from=casto`,
		`4 2026-11-13/2026-11-14 -9.40 EUR "CARTE 12/11" card from=casto`,
		"= 00040123456 EUR 2026-11-13..2026-11-15: none → none, 3, 165990", `! 0 statement.table.balance balance ""`}},
	{"Shine", "Transaction ID;Date de la valeur;Date d'opération;IBAN;Type de transaction;Transaction personnelle;Category;Débit;Crédit;Solde mouvement;Solde bancaire;Libellé;Nom de la contrepartie;Commentaire\n" +
		"t1;05/11/2026;05/11/2026;FR7630006000011234567890189;Virement entrant;Non;;;240,00;240,00;340,00;F-9;Dupont SARL;\nt2;06/11/2026;06/11/2026;FR7630006000011234567890189;Carte;Non;;40,00;;-40,00;300,00;CASTO;Casto;\n", []string{
		`2 2026-11-05/2026-11-05 240.00 EUR "F-9" transfer from=Dupont SARL ref=t1`,
		`3 2026-11-06/2026-11-06 -40.00 EUR "CASTO" card from=Casto ref=t2`,
		"= FR7630006000011234567890189 EUR 2026-11-05..2026-11-06: 2026-11-04 100.00 EUR → 2026-11-06 300.00 EUR, 2, 20000"}},
	{"Qonto", "Status,Settlement date (UTC),Operation date (UTC),Total amount (incl. VAT),Currency,Counterparty name,Counterparty IBAN,Payment method,Transaction ID,Reference\n" +
		"settled,2026-11-05 08:00:00,2026-11-05 07:59:00,1200.00,EUR,Dupont SARL,FR76 3000 6000 0112 3456 7890 189,Transfer,tx-1,F-12 octobre\nprocessing,,2026-11-06 08:00:00,-30.00,EUR,Casto,,Card,tx-2,\ndeclined,2026-11-06 08:00:00,2026-11-06 08:00:00,-31.00,EUR,Casto,,Card,tx-3,\n", []string{
		`2 2026-11-05/2026-11-05 1200.00 EUR "F-12 octobre" transfer from=Dupont SARL iban=FR7630006000011234567890189 ref=tx-1`,
		"=  EUR 2026-11-05..2026-11-05: none → none, 1, 120000", `! 0 statement.table.pending status ""`}},
	{"Qonto in French", "Statut;Date de la valeur (UTC);Date de l'opération (UTC);Montant total (TTC);Débit;Crédit;Solde;Devise;Nom de la contrepartie;Méthode de paiement;Identifiant de transaction;Référence\n" +
		"Exécuté;06-11-2026 08:00:00;05-11-2026 08:00:00;-12,00;12,00;;88,00;EUR;Casto;Carte;tx-2;\nExécuté;05-11-2026 08:00:00;05-11-2026 08:00:00;100,00;;100,00;100,00;EUR;Dupont;Virement;tx-1;F-12\n", []string{
		`2 2026-11-05/2026-11-06 -12.00 EUR "" card from=Casto ref=tx-2`,
		`3 2026-11-05/2026-11-05 100.00 EUR "F-12" transfer from=Dupont ref=tx-1`,
		"=  EUR 2026-11-05..2026-11-05: 2026-11-04 0.00 EUR → 2026-11-05 88.00 EUR, 2, 8800"}},
	{"Revolut", "Type,Product,Started Date,Completed Date,Description,Amount,Fee,Currency,State,Balance\nTRANSFER,Current,2026-10-01 10:00:00,2026-10-02 10:00:00,Payment from Dupont,500.00,0.50,EUR,COMPLETED,599.50\nCARD_PAYMENT,Current,2026-10-03 10:00:00,2026-10-04 10:00:00,Casto,-9.50,0.00,EUR,COMPLETED,590.00\nCARD_PAYMENT,Current,2026-10-05 10:00:00,,Amazon,-20.00,0.00,EUR,PENDING,\nTOPUP,Current,2026-10-05 10:00:00,2026-10-05 10:00:00,Top up,20.00,0.00,USD,COMPLETED,20.00\n", []string{
		`2 2026-10-02/2026-10-02 499.50 EUR "Payment from Dupont" transfer charges=50`,
		`3 2026-10-04/2026-10-04 -9.50 EUR "Casto" card`,
		`5 2026-10-05/2026-10-05 20.00 USD "Top up" `,
		"=  EUR 2026-10-02..2026-10-04: 2026-10-01 100.00 EUR → 2026-10-04 590.00 EUR, 2, 49000", `! 0 statement.table.pending status ""`,
		"=  USD 2026-10-05..2026-10-05: 2026-10-04 0.00 USD → 2026-10-05 20.00 USD, 1, 2000"}},
	{"several accounts (Belfius)", "Date de comptabilisation à partir de;01/11/2026\nDernier solde;236,75 EUR\n;\nCompte;Date de comptabilisation;Numéro de transaction;Compte contrepartie;Nom contrepartie contient;Transaction;Date valeur;Montant;Devise;BIC;Communications\n" +
		"BE68 5390 0754 7034;02/11/2026;1;FR7630006000011234567890189;DUPONT;VIREMENT;02/11/2026;10,00;EUR;BNPAFRPP;F-1\nBE71 0961 2345 6769;02/11/2026;2;;MARTIN;VIREMENT;02/11/2026;-5,00;EUR;;F-2\n", []string{
		`5 2026-11-02/2026-11-02 10.00 EUR "VIREMENT\nF-1" transfer from=DUPONT iban=FR7630006000011234567890189 ref=1`,
		`6 2026-11-02/2026-11-02 -5.00 EUR "VIREMENT\nF-2" transfer from=MARTIN ref=2`,
		"= BE68539007547034 EUR 2026-11-02..2026-11-02: none → none, 1, 1000", "= BE71096123456769 EUR 2026-11-02..2026-11-02: none → none, 1, -500"}},
	{"canonical", "date,value_date,label,amount,currency,balance,name,iban,reference\n2026-11-05,2026-11-06,VIR,10.00,EUR,110.00,Dupont,FR7630006000011234567890189,F-1\n2026-11-06,,PRLV,-5.00,EUR,105.00,,,\n", []string{
		`2 2026-11-05/2026-11-06 10.00 EUR "VIR\nF-1" transfer from=Dupont iban=FR7630006000011234567890189 ref=F-1`,
		`3 2026-11-06/2026-11-06 -5.00 EUR "PRLV" direct-debit`,
		"=  EUR 2026-11-05..2026-11-06: 2026-11-04 100.00 EUR → 2026-11-06 105.00 EUR, 2, 500"}},
	{"an old and a new balance", "IBAN : FR76 3000 6000 0112 3456 7890 189;;;\nAncien solde au 31/10/2026 : 100,00 EUR;;;\nNouveau solde au 30/11/2026 : 90,00 EUR;;;\nDate;Libellé;Débit;Crédit\n05/11/2026;CHQ 123;10,00;\n;Total;10,00;\nSolde au 30/11/2026;;;90,00\n", []string{
		`5 2026-11-05/2026-11-05 -10.00 EUR "CHQ 123" cheque`,
		"= FR7630006000011234567890189 EUR 2026-11-05..2026-11-05: 2026-10-31 100.00 EUR → 2026-11-30 90.00 EUR, 1, -1000"}},
}

// TestBanks: the exports of French banks, told from other lists and read.
func TestBanks(t *testing.T) {
	for _, c := range banks {
		t.Run(c.bank, func(t *testing.T) {
			s := sheet(t, c.text)
			if k := Guess(s); k != Bank {
				t.Errorf("taken for %s", k)
			}
			if m := Propose(s, Bank); m.Confidence < 100 {
				t.Errorf("confidence %d: %+v", m.Confidence, m.Columns)
			}
			check(t, readBank(t, s), c.want...)
		})
	}
}

// TestNotBanks: lists of other things are not taken for a bank's statement.
func TestNotBanks(t *testing.T) {
	for text, want := range map[string]Kind{
		"Date;Client;Montant;Référence\n05/11/2026;C1;10,00;VIR\n":                                                    Payments,
		"Date;Client;Montant réglé;Facture;Mode de règlement\n05/11/2026;C1;10,00;F1;Virement\n":                      Payments,
		"Date;Journal;Compte;Libellé;Débit;Crédit;Solde\n05/11/2026;VE;411;F1;10,00;;10,00\n":                         Invoices,
		"Date;Pièce;Tiers;Libellé;Montant;Échéance\n05/11/2026;F1;C1;x;10,00;05/12/2026\n":                            Invoices,
		"Date pièce;N° pièce;Libellé;Débit;Crédit;Lettrage\n05/11/2026;F1;x;10,00;;A\n":                               Invoices,
		"Date règlement;Tiers;Libellé;Montant réglé;Mode de règlement\n05/11/2026;C1;x;10,00;Chèque\n":                Payments,
		"customer,date,amount,currency,invoice,reference,method\nC1,2026-11-05,10.00,EUR,F1,x,transfer\n":             Payments,
		"Date;Libellé;Montant\n05/11/2026;VIR DUPONT;10,00\n06/11/2026;PRLV EDF;-5,00\n":                              Bank,
		"Date opération;Date de valeur;Libellé;Montant;Solde;IBAN du donneur d'ordre\n05/11/2026;;VIR;10,00;10,00;\n": Bank,
	} {
		if k := Guess(sheet(t, text)); k != want {
			t.Errorf("%s: %s, want %s", text, k, want)
		}
	}
}

// TestRunningBalance: the four orders of lines, and what is no running balance.
func TestRunningBalance(t *testing.T) {
	lines := []string{"02/11/2026;A;10,00;110,00", "02/11/2026;B;-20,00;90,00", "03/11/2026;C;5,00;95,00", "03/11/2026;D;1,00;96,00", "03/11/2026;E;-6,00;90,00"}
	pick := func(order ...int) string {
		text := "Date;Libellé;Montant;Solde\n"
		for _, i := range order {
			text += lines[i] + "\n"
		}
		return text
	}
	for name, text := range map[string]string{"up": pick(0, 1, 2, 3, 4), "down": pick(4, 3, 2, 1, 0), "days down": pick(2, 3, 4, 0, 1), "days up": pick(1, 0, 4, 3, 2)} {
		got := readBank(t, sheet(t, text))
		if last := got[len(got)-1]; last != "=  EUR 2026-11-02..2026-11-03: 2026-11-01 100.00 EUR → 2026-11-03 90.00 EUR, 5, -1000" {
			t.Errorf("%s: %s", name, last)
		}
	}
	got := readBank(t, sheet(t, "Date;Libellé;Montant;Solde\n02/11/2026;A;10,00;110,00\n03/11/2026;B;-20,00;90,00\n04/11/2026;C;-20,00;71,00\n"))
	check(t, got[3:], "=  EUR 2026-11-02..2026-11-04: none → none, 3, -3000", `! 0 statement.table.balance balance ""`)
}

// TestBadBankLines: each is told with its line, the others are read.
func TestBadBankLines(t *testing.T) {
	s := sheet(t, "Date;Libellé;Montant;Sens;Solde\n31/11/2026;A;10,00;C;\n02/11/2026;B;dix;C;\n02/11/2026;C;;C;\n;D;1,00;C;\n02/11/2026;E;1,00;Z;\n02/11/2026;F;-1,00;D;quatre\n02/11/2026;G;2,00;C;2,00\n")
	check(t, readBank(t, s),
		`7 2026-11-02/2026-11-02 -1.00 EUR "F" `, `8 2026-11-02/2026-11-02 2.00 EUR "G" `,
		"=  EUR 2026-11-02..2026-11-02: none → none, 2, 100",
		`! 2 date.impossible date "31/11/2026"`, `! 3 amount.unreadable amount "dix"`, `! 4 format.missing amount ""`, `! 5 format.missing date ""`,
		`! 6 statement.table.side side "Z"`, `! 7 amount.unreadable balance "quatre"`)
	stop := errors.New("stop")
	m := Propose(s, Bank)
	if _, err := s.ReadBank(&m, func(*bank.Statement, *bank.Entry) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("take's error: %v", err)
	}
}

func TestBankWorkbook(t *testing.T) {
	var b bytes.Buffer
	rows := func(yield func([]Cell) bool) {
		for _, r := range [][]Cell{{Text("Compte n° 12345678901"), Text(""), Text("")}, {Text("Date"), Text("Libellé"), Text("Montant")},
			{Text("05/11/2026"), Text("VIR DUPONT"), Money(money.Euros(120000))}, {Text("06/11/2026"), Text("CB CASTO"), Money(money.Euros(-1050))}} {
			if !yield(r) {
				return
			}
		}
	}
	if err := WriteXLSX(&b, "Relevé", []string{"SARL EXEMPLE", "", ""}, rows); err != nil {
		t.Fatal(err)
	}
	s, err := Open("releve.xlsx", bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if k := Guess(s); k != Bank {
		t.Errorf("taken for %s", k)
	}
	check(t, readBank(t, s), `4 2026-11-05/2026-11-05 1200.00 EUR "VIR DUPONT" transfer`, `5 2026-11-06/2026-11-06 -10.50 EUR "CB CASTO" card`,
		"= 12345678901 EUR 2026-11-05..2026-11-06: none → none, 2, 118950")
}

func TestBankCorpus(t *testing.T) {
	corpus.Run(t, "2-bank/oca-AGPL/account_statement_import_sheet_file/tests/fixtures", func(t *testing.T, dir string) {
		for file, want := range map[string][]string{
			"debit_credit.csv": {
				`2 2018-12-15/2018-12-15 -33.50 EUR "Your best supplier"  from=John Doe iban=123456789`,
				`3 2018-12-15/2018-12-15 1533.50 EUR "Your payment"  from=Azure Interior`,
				"=  EUR 2018-12-15..2018-12-15: 2018-12-14 10.00 EUR → 2018-12-15 1510.00 EUR, 2, 150000"},
			"sample_statement_en.csv": {
				`2 2018-12-15/2018-12-15 -33.50 USD "Your best supplier on 12/15/2018"  from=John Doe iban=123456789`,
				`3 2018-12-15/2018-12-15 1525.00 EUR "Your payment on 12/15/2018"  from=Azure Interior`,
				"=  USD 2018-12-15..2018-12-15: none → none, 1, -3350", "=  EUR 2018-12-15..2018-12-15: none → none, 1, 152500"},
			"sample_statement_en.xlsx": {
				`2 2018-12-15/2018-12-15 -33.50 USD "Your best supplier on 12/15/2018"  from=John Doe iban=123456789`,
				`3 2018-12-15/2018-12-15 1525.00 EUR "Your payment on 12/15/2018"  from=Azure Interior`,
				"=  USD 2018-12-15..2018-12-15: none → none, 1, -3350", "=  EUR 2018-12-15..2018-12-15: none → none, 1, 152500"},
		} {
			t.Run(file, func(t *testing.T) {
				raw, err := os.ReadFile(filepath.Join(dir, file))
				if err != nil {
					t.Fatal(err)
				}
				s, err := Open(file, bytes.NewReader(raw), int64(len(raw)))
				if err != nil {
					t.Fatal(err)
				}
				if k := Guess(s); k != Bank {
					t.Errorf("taken for %s", k)
				}
				check(t, readBank(t, s), want...)
			})
		}
	})
}

// TestLongBankStatement: a million lines pass.
func TestLongBankStatement(t *testing.T) {
	head, one := "Date;Libellé;Montant\n", "05/11/2026;VIR DUPONT;0,01\n"
	p := repeat{head, one, int64(len(head) + 1_000_000*len(one))}
	s, err := Open("x.csv", p, p.size)
	if err != nil {
		t.Fatal(err)
	}
	m := Propose(s, Bank)
	sts, err := s.ReadBank(&m, func(*bank.Statement, *bank.Entry) error { return nil })
	if err != nil || len(sts) != 1 || sts[0].Entries != 1_000_000 || sts[0].Moved != 1_000_000 {
		t.Errorf("%d statements, %v", len(sts), err)
	}
}

// repeat is a head, then one line again and again.
type repeat struct {
	head, one string
	size      int64
}

func (r repeat) ReadAt(b []byte, off int64) (int, error) {
	n := 0
	for n < len(b) && off < r.size {
		var part string
		if h := int64(len(r.head)); off < h {
			part = r.head[off:]
		} else {
			part = r.one[(off-h)%int64(len(r.one)):]
		}
		c := copy(b[n:], part[:min(int64(len(part)), r.size-off)])
		n, off = n+c, off+int64(c)
	}
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}
