package cfonb

import (
	"errors"
	"strings"
	"testing"

	"relance/internal/domain/bank"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
)

func head240(code, total string) string {
	return at(240, 0, code, 2, "000001", 8, "81", 10, "051126", 16, "E", 21, "20041", 26, "01005", 31, account1, 77, "20041", 82, "01005", 87, account1, 228, total)
}

// operation240 is an operation whose first account is the other's.
func operation240(op, day, name, words, reason, amount string) string {
	return at(240, 0, "34", 2, "000002", 8, op, 10, day, 16, "E", 21, "30006", 26, "00001", 31, "12345678901", 42, name, 77, "20041", 82, "01005", 87, account1, 98, "NOUS", 122, "REF001",
		152, words, 214, "011126", 226, reason, 228, amount)
}

var sample240 = head240("31", "") +
	operation240("81", "051126", "DUPONT SARL", "FA-2026-42/OCTOBRE", "41", "000000009870") +
	operation240("61", "051126", "MARTIN", "FA-2026-43", "10", "000000020000") +
	operation240("21", "061126", "DURAND", "", "52", "000000000500") +
	operation240("20", "061126", "PETIT", "FACTURE 12", "", "000000010000") +
	head240("39", "000000040370")

func TestRead240(t *testing.T) {
	const iban, other = "FR1420041010050500013M02606", "FR7630006000011234567890189"
	same(t, said(t, Read240, sample240),
		iban+` 1@2 2026-11-05/2026-11-05 -98.70 EUR 81 [REF001] direct-debit "FA-2026-42/OCTOBRE" from=DUPONT SARL iban=`+other+` original=FA-2026-42 back(41 )`,
		iban+` 2@3 2026-11-05/2026-11-05 -200.00 EUR 61 [REF001] bill "FA-2026-43" from=MARTIN iban=`+other+` original=FA-2026-43 back(10 )`,
		iban+` 3@4 2026-11-06/2026-11-06 5.00 EUR 21 [REF001] transfer "" from=DURAND iban=`+other+` back(52 )`,
		iban+` 4@5 2026-11-06/2026-11-06 100.00 EUR 20 [REF001] transfer "FACTURE 12" from=PETIT iban=`+other,
		"= "+iban+" EUR: none → none, 4, -19370")
	once := said(t, Read240, strings.ReplaceAll(sample240, "\n", ""))
	if !strings.Contains(once, " 4@1 ") || strings.Contains(once, "!") {
		t.Errorf("without line ends:\n%s", once)
	}
}

// TestSides240: our account stands first or second; the other is who paid.
func TestSides240(t *testing.T) {
	turned := at(240, 0, "34", 2, "000002", 8, "81", 10, "051126", 16, "E", 21, "20041", 26, "01005", 31, account1, 42, "NOUS", 77, "30006", 82, "00001", 87, "12345678901", 98, "DUPONT SARL", 226, "41", 228, "000000009870")
	if got := said(t, Read240, head240("31", "")+turned+head240("39", "000000009870")); !strings.Contains(got, "from=DUPONT SARL iban=FR7630006000011234567890189") {
		t.Error(got)
	}
}

func TestWrong240(t *testing.T) {
	text := operation240("81", "051126", "AVANT", "", "41", "000000000100") +
		head240("31", "") +
		operation240("81", "311126", "JOUR", "", "41", "000000000100") +
		operation240("81", "051126", "MONTANT", "", "41", "0000000001XX") +
		operation240("77", "051126", "INCONNU", "", "", "000000000100") +
		operation240("77", "051126", "INCONNU, MOTIF", "", "41", "000000000100") +
		"35 AUTRE\n" + head240("39", "000000000999") + head240("39", "000000000999")
	same(t, said(t, Read240, text),
		`FR1420041010050500013M02606 1@6 2026-11-05/2026-11-05 -1.00 EUR 77 [REF001]  "" from=INCONNU, MOTIF iban=FR7630006000011234567890189 back(41 )`,
		"= FR1420041010050500013M02606 EUR: none → none, 1, -100",
		`!1 statement.cfonb240.outside line "`+cut(strings.TrimSpace(operation240("81", "051126", "AVANT", "", "41", "000000000100")))+`"`,
		`!3 date.impossible date "311126"`, `!4 amount.unreadable amount "0000000001XX"`, `!5 statement.cfonb240.operation code "77"`,
		`!7 statement.cfonb240.record line "35 AUTRE"`, `!9 statement.cfonb240.outside line "`+cut(strings.TrimSpace(head240("39", "000000000999")))+`"`,
		`?8 statement.cfonb240.total amount "000000000999"`)
	for _, text := range []string{"", sample, "Date;Libellé\n"} {
		if _, err := Read240(strings.NewReader(text), nil); fault.Key(err) != "statement.cfonb240.not" || !i18n.Has(fault.Key(err)) {
			t.Errorf("%.20q: %v", text, err)
		}
	}
	stop := errors.New("stop")
	if _, err := Read240(strings.NewReader(sample240), func(*bank.Statement, *bank.Entry) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("take's error: %v", err)
	}
}

func FuzzRead240(f *testing.F) {
	f.Add(sample240)
	f.Add(strings.ReplaceAll(sample240, "\n", ""))
	f.Fuzz(func(t *testing.T, text string) {
		moved := map[*bank.Statement]int64{}
		sts, err := Read240(strings.NewReader(text), func(s *bank.Statement, e *bank.Entry) error {
			checkEntry(t, s, e)
			moved[s] += e.Amount
			return nil
		})
		if err != nil && fault.Of(err) != fault.Invalid {
			t.Fatal(err)
		}
		for _, s := range sts {
			if s.Moved != moved[s] {
				t.Errorf("%d moved, %d told", moved[s], s.Moved)
			}
		}
	})
}
