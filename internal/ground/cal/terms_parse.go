package cal

import (
	"regexp"
	"strconv"
	"strings"

	"relance/internal/ground/fault"
)

// maxTermDays bounds agreed terms read from outside: far above any lawful one.
const maxTermDays = 3650

// namedTerms lists the wordings that stand alone, already folded (see fold).
var namedTerms = map[string]TermsKind{
	"default": DefaultTerms, "legal": DefaultTerms, "defaut": DefaultTerms, "delai legal": DefaultTerms,
	"periodic": Periodic, "periodic invoice": Periodic, "periodique": Periodic, "facture periodique": Periodic, "facture recapitulative": Periodic,
	"perishable": Perishable, "perissable": Perishable, "denrees perissables": Perishable, "produits perissables": Perishable,
	"perishable periodic": PerishablePeriodic, "perissable periodique": PerishablePeriodic, "denrees perissables periodique": PerishablePeriodic,
	"livestock": Livestock, "betail": Livestock, "viande": Livestock,
	"alcohol": Alcohol, "alcool": Alcohol, "boissons alcooliques": Alcohol,
	"wine": Wine, "grapes": Wine, "wine/grapes": Wine, "vin": Wine, "raisin": Wine, "raisins": Wine, "vins et raisins": Wine,
	"transport": Transport, "transports": Transport, "transport routier": Transport,
	"export": Export, "exportation": Export,
	"on receipt": OnReceipt, "upon receipt": OnReceipt, "due on receipt": OnReceipt, "due upon receipt": OnReceipt,
	"receipt of invoice": OnReceipt, "cash": OnReceipt, "immediate": OnReceipt, "immediate payment": OnReceipt,
	"comptant": OnReceipt, "au comptant": OnReceipt, "paiement comptant": OnReceipt, "immediat": OnReceipt, "paiement immediat": OnReceipt,
	"a reception": OnReceipt, "reception": OnReceipt, "a reception de facture": OnReceipt, "a reception de la facture": OnReceipt,
	"des reception": OnReceipt, "reception de facture": OnReceipt,
}

const (
	wordDays  = `(?:days?|jours?|jrs?|j|d)`
	wordEOM   = `(?:eom|fdm|end of (?:the )?month|fin (?:de|du) mois)`
	wordDayOf = `(?:(?: le| on the| the| on)? (\d{1,2})(?:er|e|eme|st|nd|rd|th)?(?: du mois(?: suivant)?| of the (?:next|following) month)?)?`
)

var (
	netTerms = regexp.MustCompile(`^(?:net )?(?:a )?(\d{1,4})(?: ?` + wordDays + `)?(?: nets?)?` +
		`(?: (?:date|from|after|apres|a compter de|de|a)(?: la| l| the| date)?(?: de)? ?(invoice|facture|facturation|emission|issue|delivery|livraison|receipt|reception)(?: (?:date|of (?:the )?invoice|de (?:la )?facture))?)?$`)
	daysEOM = regexp.MustCompile(`^(?:net )?(?:a )?(\d{1,4})(?: ?` + wordDays + `)? (?:net )?` + wordEOM + wordDayOf + `$`)
	eomDays = regexp.MustCompile(`^` + wordEOM + `(?: ?\+ ?| )(?:a )?(\d{1,4}) ?` + wordDays + `$`)
	bareEOM = regexp.MustCompile(`^` + wordEOM + wordDayOf + `$`)
)

// ParseTerms reads payment terms as people write them, in English or French: "net 30",
// "45 days eom", "30 jours fin de mois le 10", "fin de mois + 45 jours", "comptant", or the name
// of a legal term ("default", "perishable periodic"). A bare number is a number of days. The
// error's key is "terms.unreadable".
func ParseTerms(s string) (Terms, error) {
	bad := fault.New(fault.Invalid, "terms.unreadable", s)
	if len(s) > 100 {
		return Terms{}, bad
	}
	text := fold(s)
	if kind, ok := namedTerms[text]; ok {
		return Terms{Kind: kind}, nil
	}
	t := Terms{}
	if m := netTerms.FindStringSubmatch(text); m != nil {
		t = Terms{Kind: Net, Days: number(m[1])}
		switch m[2] {
		case "delivery", "livraison":
			t.From = FromDelivery
		case "receipt", "reception":
			t.From = FromReceipt
		}
	} else if m := daysEOM.FindStringSubmatch(text); m != nil {
		t = Terms{Kind: EndOfMonth, Days: number(m[1]), DayOf: number(m[2])}
	} else if m := eomDays.FindStringSubmatch(text); m != nil {
		t = Terms{Kind: EndOfMonth, Days: number(m[1]), How: EOMThenAdd}
	} else if m := bareEOM.FindStringSubmatch(text); m != nil {
		t = Terms{Kind: EndOfMonth, DayOf: number(m[1])}
	}
	if t.IsZero() || t.Days > maxTermDays || t.DayOf > 31 {
		return Terms{}, bad
	}
	return t, nil
}

// MarshalText gives the English wording.
func (t Terms) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads any wording; empty is no terms.
func (t *Terms) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*t = Terms{}
		return nil
	}
	*t, err = ParseTerms(string(b))
	return err
}

func number(digits string) int {
	n, _ := strconv.Atoi(digits) // "" is 0, and the patterns match digits only
	return n
}

var accents = strings.NewReplacer("à", "a", "â", "a", "ç", "c", "é", "e", "è", "e", "ê", "e", "ë", "e",
	"î", "i", "ï", "i", "ô", "o", "ù", "u", "û", "u", "ü", "u", "œ", "oe", "'", " ", "’", " ",
	".", " ", ",", " ", "-", " ", "_", " ", "\u00a0", " ", "\u202f", " ", "\t", " ")

// fold brings a text to lower-case ASCII words separated by one space.
func fold(s string) string {
	return strings.Join(strings.Fields(accents.Replace(strings.ToLower(s))), " ")
}
