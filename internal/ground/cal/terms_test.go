package cal

import (
	"testing"
	"time"

	"relance/internal/ground/fault"
)

// TestDueDateVectors runs the vectors D* of law-fr.md §11.
func TestDueDateVectors(t *testing.T) {
	for _, v := range []struct {
		id, terms, issued, delivered string
		method                       Method
		want                         string
	}{
		{"D1", "net 30", "2026-01-31", "", "", "2026-03-02"},
		{"D2", "net 60", "2026-07-03", "", "", "2026-09-01"},
		{"D3 A", "45 days eom", "2026-01-15", "", AddThenEOM, "2026-03-31"},
		{"D3 B", "45 days eom", "2026-01-15", "", EOMThenAdd, "2026-03-17"},
		{"D4 A", "45 days eom", "2026-03-10", "", AddThenEOM, "2026-04-30"},
		{"D4 B", "45 days eom", "2026-03-10", "", EOMThenAdd, "2026-05-15"},
		{"D6 A", "45 days eom", "2026-11-20", "", AddThenEOM, "2027-01-31"},
		{"D6 B", "45 days eom", "2026-11-20", "", EOMThenAdd, "2027-01-14"},
		{"D9", "30 days eom the 10th", "2026-01-15", "", "", "2026-03-10"},
		{"D10", "default", "", "2026-10-05", "", "2026-11-04"},
		{"D11", "periodic", "2026-10-31", "", "", "2026-12-15"},
		{"D12", "perishable", "", "2026-10-07", "", "2026-11-06"},
		{"D12 periodic", "perishable periodic", "", "2026-10-07", "", "2026-11-09"},
		{"D14 livestock", "livestock", "", "2026-10-24", "", "2026-11-13"},
		{"D14 alcohol", "alcohol", "", "2026-10-24", "", "2026-11-30"},
		{"D14 transport", "transport", "2026-10-01", "", "", "2026-10-31"},
		{"wine", "wine", "2026-01-15", "", "", "2026-03-31"},
		{"export", "export", "2026-01-15", "", "", "2026-04-15"},
		{"decade 2", "perishable periodic", "", "2026-10-11", "", "2026-11-19"},
		{"decade 3", "perishable periodic", "", "2026-10-31", "", "2026-11-30"},
		{"the 31st of a short month", "30 days eom the 31st", "2026-02-25", "", "", "2026-04-30"},
		{"delivery unknown", "default", "2026-10-05", "", "", "2026-11-04"},
		{"own method wins", "fin de mois + 45 jours", "2026-01-15", "", AddThenEOM, "2026-03-17"},
	} {
		t.Run(v.id, func(t *testing.T) {
			terms, err := ParseTerms(v.terms)
			if err != nil {
				t.Fatal(err)
			}
			got, err := terms.Due(Dates{Issued: date(v.issued), Delivered: date(v.delivered)}, v.method)
			if err != nil || got != date(v.want) {
				t.Errorf("%s from %s%s: %s, %v, want %s", v.terms, v.issued, v.delivered, got, err, v.want)
			}
			back, err := ParseTerms(terms.String())
			if err != nil || back != terms {
				t.Errorf("%q reads back as %+v, %v, want %+v", terms.String(), back, err, terms)
			}
		})
	}
}

func date(s string) Date {
	if s == "" {
		return 0
	}
	return MustParse(s)
}

func TestParseTerms(t *testing.T) {
	eom := func(days, day int) Terms { return Terms{Kind: EndOfMonth, Days: days, DayOf: day} }
	net := func(days int) Terms { return Terms{Kind: Net, Days: days} }
	for text, want := range map[string]Terms{
		"30":                               net(30),
		"Net 30":                           net(30),
		"net 30 days":                      net(30),
		"30 days net":                      net(30),
		"30 jours":                         net(30),
		"à 30 jours":                       net(30),
		"30 jours nets":                    net(30),
		"30j":                              net(30),
		"60 jours date de facture":         net(60),
		"30 days from invoice date":        net(30),
		"30 jours après livraison":         {Kind: Net, Days: 30, From: FromDelivery},
		"30 days after receipt of invoice": {Kind: Net, Days: 30, From: FromReceipt},
		"30 jours à compter de la réception de la facture": {Kind: Net, Days: 30, From: FromReceipt},
		"45 days eom":                                 eom(45, 0),
		"45 days end of month":                        eom(45, 0),
		"45 jours fin de mois":                        eom(45, 0),
		"45 j. FDM":                                   eom(45, 0),
		"30 days eom the 10th":                        eom(30, 10),
		"30 jours fin de mois le 10":                  eom(30, 10),
		"30 jours fin de mois, le 15 du mois suivant": eom(30, 15),
		"fin de mois":                                 eom(0, 0),
		"fin de mois le 10":                           eom(0, 10),
		"fin de mois + 45 jours":                      {Kind: EndOfMonth, Days: 45, How: EOMThenAdd},
		"fin de mois 45 jours":                        {Kind: EndOfMonth, Days: 45, How: EOMThenAdd},
		"comptant":                                    {Kind: OnReceipt},
		"à réception":                                 {Kind: OnReceipt},
		"À réception de facture":                      {Kind: OnReceipt},
		"due on receipt":                              {Kind: OnReceipt},
		"Default":                                     {Kind: DefaultTerms},
		"perishable periodic":                         {Kind: PerishablePeriodic},
		"vin":                                         {Kind: Wine},
		"":                                            {},
		"when you can":                                {},
		"99999":                                       {},
		"30 days eom the 45th":                        {},
		"-30":                                         net(30), // a dash before is a list mark, never a sign
	} {
		got, err := ParseTerms(text)
		if got != want || (err == nil) == want.IsZero() {
			t.Errorf("ParseTerms(%q) = %+v, %v, want %+v", text, got, err, want)
		}
		if err != nil && fault.Key(err) != "terms.unreadable" {
			t.Errorf("ParseTerms(%q): key %q", text, fault.Key(err))
		}
	}
}

func TestTermsNeedTheirDate(t *testing.T) {
	transport := Terms{Kind: Transport}
	if _, err := transport.Due(Dates{Delivered: date("2026-10-01")}, ""); fault.Key(err) != "terms.no-date" {
		t.Errorf("an invoice date was guessed from a delivery: %v", err)
	}
	if _, err := (Terms{}).Due(Dates{Issued: date("2026-10-01")}, ""); fault.Key(err) != "terms.none" {
		t.Errorf("no terms: %v", err)
	}
}

func TestCeiling(t *testing.T) {
	for _, v := range []struct {
		terms, issued, want string
	}{
		{"net 60", "2026-07-03", "2026-09-01"},
		{"net 90", "2026-07-03", "2026-09-01"},
		{"45 days eom", "2026-01-15", "2026-03-31"}, // method A gives 75 days: still lawful
		{"45 days eom", "2026-03-10", "2026-05-15"}, // method B is the later one
		{"transport", "2026-10-01", "2026-10-31"},
	} {
		terms, err := ParseTerms(v.terms)
		if err != nil {
			t.Fatal(err)
		}
		got, err := terms.Ceiling(Dates{Issued: date(v.issued)})
		if err != nil || got != date(v.want) {
			t.Errorf("ceiling of %s from %s: %s, %v, want %s", v.terms, v.issued, got, err, v.want)
		}
	}
}

func TestRead(t *testing.T) {
	for text, want := range map[string]string{
		"2026-11-22": "2026-11-22", "22/11/2026": "2026-11-22", "22.11.26": "2026-11-22",
		"22-11-2026": "2026-11-22", "20261122": "2026-11-22", "22112026": "2026-11-22",
		"2026-11-22T10:00:00Z": "2026-11-22", "2026-11-22 00:00:00": "2026-11-22",
		"2026-11-22T23:30:00+01:00": "2026-11-22", "22/11/2026 10:30": "2026-11-22",
		"22 nov. 2026": "2026-11-22", "1er mars 2026": "2026-03-01", "22-Nov-2026": "2026-11-22",
		"Nov 22, 2026": "2026-11-22", "dimanche 22 novembre 2026": "2026-11-22", "9 août 2026": "2026-08-09",
		"46348": "2026-11-22", "46348.75": "2026-11-22", " 3/4/2026 ": "2026-04-03", "01.02.99": "1999-02-01",
		"29/02/2028": "2028-02-29",
	} {
		got, err := Read(text, DayFirst)
		if err != nil || got.String() != want {
			t.Errorf("Read(%q) = %s, %v, want %s", text, got, err, want)
		}
	}
	if got, err := Read("03/04/2026", MonthFirst); err != nil || got.String() != "2026-03-04" {
		t.Errorf("month first: %s, %v", got, err)
	}
	for text, key := range map[string]string{
		"31/02/2026": "date.impossible", "29/02/2027": "date.impossible", "2026-13-01": "date.impossible",
		"00/01/2026": "date.impossible", "20260231": "date.impossible", "31 février 2026": "date.impossible",
		"01/01/0026": "date.range", "01/01/9999": "date.range", "00042": "date.range",
		"": "date.unreadable", "soon": "date.unreadable", "12/2026": "date.unreadable", "1e5": "date.unreadable",
		"NaN": "date.unreadable", "22/11-2026": "date.unreadable", "2026": "date.unreadable", "1234567": "date.unreadable",
	} {
		if got, err := Read(text, DayFirst); fault.Key(err) != key {
			t.Errorf("Read(%q) = %s, %v, want %s", text, got, err, key)
		}
	}
}

func TestFromExcel1904(t *testing.T) {
	got, err := FromExcel(44886, true) // the same day is 1,462 less than in the 1900 system
	if err != nil || got != Of(2026, time.November, 22) {
		t.Errorf("got %s, %v", got, err)
	}
}

func TestDetectOrder(t *testing.T) {
	for _, v := range []struct {
		samples []string
		want    Order
	}{
		{[]string{"03/04/2026", "12/31/2026"}, MonthFirst},
		{[]string{"03/04/2026", "31/12/2026"}, DayFirst},
		{[]string{"12/31/2026", "31/12/2026"}, DayFirst}, // contradictory: nothing is proven
		{[]string{"03/04/2026", ""}, DayFirst},
		{[]string{"2026-12-31"}, DayFirst},
	} {
		if got := DetectOrder(v.samples); got != v.want {
			t.Errorf("DetectOrder(%q) = %d, want %d", v.samples, got, v.want)
		}
	}
}

func FuzzReadAndTerms(f *testing.F) {
	for _, s := range []string{"22/11/2026", "46348.5", "30 jours fin de mois le 10", "1er mars 26", "45 days eom", "\xff/1/2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := Read(s, DayFirst); err == nil && (d.Year() < firstYear || d.Year() > lastYear) {
			t.Errorf("Read(%q) = %s, out of range", s, d)
		}
		if terms, err := ParseTerms(s); err == nil {
			if back, err := ParseTerms(terms.String()); err != nil || back != terms {
				t.Errorf("%q: %q reads back as %+v, %v", s, terms.String(), back, err)
			}
		}
	})
}
