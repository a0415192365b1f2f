package ident

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
)

// TestIdentifierVectors runs the vectors I1 to I8 of law-fr.md §11 and the published check values
// of French numbers.
func TestIdentifierVectors(t *testing.T) {
	for _, v := range []struct {
		id       string
		look     func(string) Finding
		text     string
		reason   string
		doubtful bool
		print    string
	}{
		{"I1", SIREN, "732829320", "", false, "732 829 320"},
		{"I1 wrong", SIREN, "732829321", ControlFigure, true, "732 829 321"},
		{"I1 zero", SIREN, "000000000", AllZero, false, ""},
		{"spaces", SIREN, " 404 833\u00a0048 ", "", false, "404 833 048"},
		{"short", SIREN, "40483304", BadLength, false, ""},
		{"empty", SIREN, "", BadLength, false, ""},
		{"letters", SIREN, "40483304A", NotDigits, false, ""},
		{"other alphabets", SIREN, "４０４８３３０４８", NotDigits, false, ""},
		{"I2", SIRET, "73282932000074", "", false, "732 829 320 00074"},
		{"I2 wrong", SIRET, "73282932000075", ControlFigure, true, "732 829 320 00075"},
		{"I3 La Poste", SIRET, "35600000009075", "", false, "356 000 000 09075"},
		{"La Poste, not even a multiple of five", SIRET, "35600000009076", ControlFigure, true, "356 000 000 09076"},
		{"zero SIRET", SIRET, "00000000000000", AllZero, false, ""},
		{"I6", VAT, "FR44732829320", "", false, "FR 44 732 829 320"},
		{"letter key", VAT, "FRK7399859412", "", false, "FR K7 399 859 412"},
		{"Monaco", VAT, "FR53000004605", "", false, "FR 53 000 004 605"},
		{"wrong key", VAT, "fr 84 323 140 391", ControlFigure, true, "FR 84 323 140 391"},
		{"Belgium", VAT, "BE 0428.759.497", "", false, "BE 0428759497"},
		{"Greece by its ISO code", VAT, "GR123456789", "", false, "EL 123456789"},
		{"Germany, short", VAT, "DE12345678", BadForm, false, ""},
		{"outside the Union", VAT, "CHE123456788", UnknownCountry, true, "CH E123456788"},
		{"no country", VAT, "44732829320", UnknownCountry, false, ""},
		{"I7", IBAN, "FR1420041010050500013M02606", "", false, "FR14 2004 1010 0505 0001 3M02 606"},
		{"I8", IBAN, "FR7630006000011234567890189", "", false, "FR76 3000 6000 0112 3456 7890 189"},
		{"I8 wrong", IBAN, "FR7630006000011234567890188", ControlFigure, false, ""},
		{"a good sum over a wrong RIB key", IBAN, "FR4930006000011234567890190", BadRIBKey, false, ""},
		{"Germany", IBAN, "DE89 3704 0044 0532 0130 00", "", false, "DE89 3704 0044 0532 0130 00"},
		{"length of another country", IBAN, "DE8937040044053201300", BadLength, false, ""},
		{"no IBAN", IBAN, "1420041010050500013M02606FR", BadForm, false, ""},
		{"I10", CreditorReference, "RF18539007547034", "", false, "RF18 5390 0754 7034"},
		{"RF wrong", CreditorReference, "RF19539007547034", ControlFigure, false, ""},
		{"RF alone", CreditorReference, "RF18", BadLength, false, ""},
		{"BIC", BIC, "bnpafrpp", "", false, "BNPAFRPP"},
		{"BIC of a branch", BIC, "BNPAFRPPXXX", "", false, "BNPAFRPPXXX"},
		{"BIC too long", BIC, "BNPAFRPPX", BadLength, false, ""},
		{"BIC without country", BIC, "BNPA12PP", BadForm, false, ""},
	} {
		t.Run(v.id, func(t *testing.T) {
			f := v.look(v.text)
			if f.Reason != v.reason || f.Doubtful != v.doubtful || f.Formatted != v.print {
				t.Errorf("%q: %+v, want %q, doubtful %v, %q", v.text, f, v.reason, v.doubtful, v.print)
			}
			if f.Reason != "" && !i18n.Has(f.Reason) {
				t.Errorf("no sentence says %s", f.Reason)
			}
		})
	}
}

// TestMakeVectors runs I6, I7 and I10: identifiers that are computed.
func TestMakeVectors(t *testing.T) {
	rib := func(s string) (string, error) { p := strings.Split(s, "/"); return RIBKey(p[0], p[1], p[2]) }
	iban := func(s string) (string, error) { p := strings.Split(s, "/"); return MakeIBAN(p[0], p[1], p[2]) }
	for _, v := range []struct {
		id         string
		make       func(string) (string, error)
		text, want string
	}{
		{"I6", MakeVAT, "732829320", "FR44732829320"},
		{"I6 La Poste", MakeVAT, "356000000", "FR39356000000"},
		{"I6 third", MakeVAT, "404 833 048", "FR83404833048"},
		{"I7 key", rib, "20041/01005/0500013M026", "06"},
		{"I7", iban, "20041/01005/0500013M026", "FR1420041010050500013M02606"},
		{"I8", iban, "30006/00001/12345678901", "FR7630006000011234567890189"},
		{"I10 letters", MakeCreditorReference, "FAC2026001", "RF24FAC2026001"},
		{"I10 figures", MakeCreditorReference, "20260001", "RF3120260001"},
		{"I10 long", MakeCreditorReference, "539007547034", "RF18539007547034"},
	} {
		t.Run(v.id, func(t *testing.T) {
			if got, err := v.make(v.text); err != nil || got != v.want {
				t.Errorf("%q: %s, %v, want %s", v.text, got, err, v.want)
			}
		})
	}
	for reason, err := range map[string]error{
		ControlFigure: second(MakeVAT("732829321")),
		BadForm:       second(MakeIBAN("20041", "01005", "short")),
		BadCharacter:  second(MakeCreditorReference("FAC/1")),
		BadLength:     second(MakeCreditorReference("")),
	} {
		if fault.Key(err) != reason {
			t.Errorf("%v, want %s", err, reason)
		}
	}
}

func second(_ string, err error) error { return err }

// TestCorpusIBAN compares the lengths with the published registry, when RELANCE_TESTDATA is given.
func TestCorpusIBAN(t *testing.T) {
	root := os.Getenv("RELANCE_TESTDATA")
	if root == "" {
		fmt.Fprintln(os.Stderr, "ident: RELANCE_TESTDATA is unset, the registry of IBAN is not compared")
		return
	}
	f, err := os.Open(filepath.Join(root, "6-reference", "stdnum-LGPL", "stdnum", "iban.dat"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	row, part, seen := regexp.MustCompile(`^([A-Z]{2}) .*bban="([^"]*)"`), regexp.MustCompile(`(\d+)!`), 0
	for s := bufio.NewScanner(f); s.Scan(); {
		m := row.FindStringSubmatch(s.Text())
		if m == nil {
			continue
		}
		length := 4
		for _, p := range part.FindAllStringSubmatch(m[2], -1) {
			n, _ := strconv.Atoi(p[1])
			length += n
		}
		if ours, known := ibanLengths[m[1]]; known {
			seen++
			if ours != length {
				t.Errorf("%s: %d characters, the registry says %d", m[1], ours, length)
			}
		}
	}
	if seen != len(ibanLengths) {
		t.Errorf("%d of our %d countries stand in the registry", seen, len(ibanLengths))
	}
}

// FuzzFindings: what is valid is found again in its kept and printed forms, whatever was given.
func FuzzFindings(f *testing.F) {
	for _, s := range []string{"732829320", "35600000009075", "FR44732829320", "FR1420041010050500013M02606", "RF18539007547034", "BNPAFRPP", "\xff", "IE1234567WI"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for i, look := range []func(string) Finding{SIREN, SIRET, VAT, IBAN, CreditorReference, BIC} {
			found := look(s)
			if !found.Valid() && !found.Doubtful {
				if found.Value != "" {
					t.Errorf("%d: %q is refused and kept: %+v", i, s, found)
				}
				continue
			}
			if again := look(found.Formatted); again != found {
				t.Errorf("%d: %q found %+v, then %+v", i, s, found, again)
			}
			if again := look(found.Value); again != found {
				t.Errorf("%d: %q found %+v, then %+v", i, s, found, again)
			}
		}
		if ref, err := MakeCreditorReference(s); err == nil && !CreditorReference(ref).Valid() {
			t.Errorf("made %s of %q", ref, s)
		}
	})
}
