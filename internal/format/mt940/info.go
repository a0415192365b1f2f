package mt940

import (
	"regexp"
	"strings"

	"relance/internal/domain/bank"
	"relance/internal/ground/ident"
	"relance/internal/ground/money"
)

// info is what the fields 86 of a movement say, and what stands below its field 61.
type info struct {
	n          int
	currency   money.Currency
	code       string // three figures before the structured information
	title      string // ?00: the bank's word for the movement
	texts      []string
	name       string
	account    string
	bic        string
	endToEnd   string
	ref        string // the customer's reference of field 61
	mandate    string
	structured string
	debtor     string // on whose behalf it was paid
	creditor   string // for whom it is
	reason     string // ISO code of a return
	charges    int64
	sent       money.Amount
}

// german is the beginning of information in numbered parts: 166?00…, ?20…; any of these signs may part.
var german = regexp.MustCompile(`^ ?([0-9]{3})?([?<~@])[0-9]{2}`)

// read tells the dialects apart. Lines are wrapped at 65 characters anywhere, so that they are joined as
// they are; free text keeps its lines.
func (i *info) read(text string) {
	joined := strings.ReplaceAll(text, "\n", "")
	switch m := german.FindStringSubmatch(joined); {
	case m != nil:
		i.code = m[1]
		i.numbered(joined[len(m[0])-3:], m[2][0])
	case slashed.MatchString(joined):
		i.coded(joined)
	case sepaTags.MatchString(joined):
		i.tagged(joined)
	case dutch.MatchString(joined):
		i.columns(joined)
	default:
		i.purpose(text)
	}
}

// say adds free text, its lines one by one.
func (i *info) say(text string) {
	for _, line := range strings.Split(text, "\n") {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			i.texts = append(i.texts, line)
		}
	}
}

func (i *info) said() string { return strings.Join(i.texts, "\n") }

// numbered reads the German parts: 00 title, 20–29 and 60–63 purpose, 30 and 31 bank and account, 32 and
// 33 name, 38 IBAN. A part of purpose that fills its 27 characters goes on in the next.
func (i *info) numbered(text string, sep byte) {
	var purpose, name strings.Builder
	for _, p := range strings.Split(text, string(sep)) {
		if len(p) < 2 || !digits(p[:2]) {
			purpose.WriteString(p) // the sign itself, in a text
			continue
		}
		value := p[2:]
		switch n := number(p[:2]); {
		case n == 0:
			i.title = strings.TrimSpace(value)
		case n >= 20 && n <= 29 || n >= 60 && n <= 69:
			purpose.WriteString(value)
			if len([]rune(value)) != 27 {
				purpose.WriteByte(' ')
			}
		case n == 30:
			i.bic = strings.TrimSpace(value)
		case n == 31 && i.account == "", n == 38:
			i.account = strings.TrimSpace(value)
		case n == 32 || n == 33:
			name.WriteString(value)
			if len([]rune(value)) != 27 {
				name.WriteByte(' ')
			}
		}
	}
	if n := strings.Join(strings.Fields(name.String()), " "); n != "" {
		i.name = n
	}
	i.say(i.title)
	i.tagged(purpose.String())
}

var sepaTags = regexp.MustCompile(`(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|PURP|IBAN|BIC|RREF)\+`)

// part is a value behind its code.
type part struct{ code, value string }

// parts cuts a text where the codes of an expression stand, its first group; a value ends where the next
// code begins.
func parts(codes *regexp.Regexp, text string) (before string, found []part) {
	places := codes.FindAllStringSubmatchIndex(text, -1)
	if len(places) == 0 {
		return text, nil
	}
	for n, p := range places {
		end := len(text)
		if n+1 < len(places) {
			end = places[n+1][0]
		}
		found = append(found, part{text[p[2]:p[3]], strings.TrimSpace(text[p[1]:end])})
	}
	return text[:places[0][0]], found
}

// tagged reads the SEPA tags of a purpose; text before and without them is text.
func (i *info) tagged(text string) {
	before, found := parts(sepaTags, text)
	i.purpose(before)
	for _, f := range found {
		switch f.code {
		case "EREF":
			i.endToEnd = reference(f.value)
		case "MREF":
			i.mandate = reference(f.value)
		case "SVWZ":
			i.purpose(f.value)
		case "ABWA":
			i.debtor = f.value
		case "ABWE":
			i.creditor = f.value
		case "OAMT":
			i.sent = i.sum(f.value)
		case "IBAN":
			i.account = f.value
		case "BIC":
			i.bic = f.value
		case "KREF":
			if i.ref == "" {
				i.ref = reference(f.value)
			}
		}
	}
}

var (
	charges  = regexp.MustCompile(`/CHGS/([A-Z]{3}[0-9]+[,.][0-9]*)/?`)
	original = regexp.MustCompile(`/OCMT/([A-Z]{3}[0-9]+[,.][0-9]*)/?`)
	ledger   = regexp.MustCompile(`/(?:TRCD|IACC|EXCH)/[^/]*/?`)
)

// purpose is text for people, without the amounts that SWIFT codes in it.
func (i *info) purpose(text string) {
	if m := charges.FindStringSubmatch(text); m != nil {
		i.charges = i.sum(m[1]).Minor
		text = strings.Replace(text, m[0], " ", 1)
	}
	if r := ident.CreditorReference(strings.TrimSpace(text)); r.Valid() {
		i.structured = r.Value
	}
	i.say(text)
}

// supplement reads what stands below field 61: coded amounts, or a word of the bank.
func (i *info) supplement(text string) {
	if m := original.FindStringSubmatch(text); m != nil {
		i.sent = i.sum(m[1])
		text = strings.Replace(text, m[0], "", 1)
	}
	text = ledger.ReplaceAllString(text, "")
	if strings.Trim(text, "/ \n") != "" {
		i.purpose(text)
	}
}

// sum reads EUR4,5, or 4,5 of the account's currency.
func (i *info) sum(s string) money.Amount {
	c := i.currency
	if len(s) > 3 && money.Currency(s[:3]).Valid() {
		c, s = money.Currency(s[:3]), s[3:]
	}
	minor, key := amount(s, c)
	if key != "" {
		return money.Amount{}
	}
	return money.Of(minor, c)
}

// slashed is the Dutch way and SWIFT's own: codes between slashes, of which these are known.
var slashed = regexp.MustCompile(`^ ?/(?:` + codeWords + `)/`)

const codeWords = `TRTP|IBAN|BIC|NAME|REMI|EREF|KREF|PREF|MARF|CSID|CNTP|ORDP|BENM|ULTD|ULTC|ULTB|PURP|RTRN|ISDT|ADDR|OCMT|CHGS|TRCD|BUSP|CDTRREFTP|CDTRREF|SVCL|INIT|NRTX`

var slashCode = regexp.MustCompile(`/(` + codeWords + `)/`)

// coded reads the codes between slashes.
func (i *info) coded(text string) {
	_, found := parts(slashCode, text)
	for _, f := range found {
		i.value(f.code, strings.Trim(f.value, "/ "))
	}
}

func (i *info) value(code, v string) {
	switch code {
	case "TRTP":
		i.title = v
		i.say(v)
	case "IBAN":
		i.account = v
	case "BIC":
		i.bic = v
	case "NAME":
		i.name = v
	case "ORDP", "BENM":
		if v != "" {
			i.name = v
		}
	case "CNTP": // IBAN/BIC/name/city
		p := strings.Split(v+"///", "/")
		i.account, i.bic, i.name = strings.TrimSpace(p[0]), strings.TrimSpace(p[1]), strings.TrimSpace(p[2])
	case "ULTD":
		i.debtor = v
	case "ULTC", "ULTB":
		i.creditor = v
	case "EREF":
		i.endToEnd = reference(v)
	case "MARF":
		i.mandate = reference(v)
	case "RTRN":
		i.reason = strings.ToUpper(v[:min(len(v), 4)])
	case "OCMT":
		i.sent = i.sum(v)
	case "CHGS":
		i.charges = i.sum(v).Minor
	case "REMI":
		i.remittance(v)
	case "CDTRREF":
		i.structured = v
	}
}

// remittance reads REMI: text as it is, USTD//text, or a structured reference: STRD/CUR/….
func (i *info) remittance(v string) {
	if rest, ok := strings.CutPrefix(v, "STRD/"); ok {
		kind, ref, cutOff := strings.Cut(rest, "/")
		if !cutOff {
			ref = kind
		}
		i.structured = strings.TrimSpace(ref)
		return
	}
	i.purpose(strings.TrimLeft(strings.TrimPrefix(v, "USTD/"), "/"))
}

// dutch is ABN's older way: names of fields in columns.
var dutch = regexp.MustCompile(`\b(?:IBAN|NAAM|OMSCHRIJVING|KENMERK): `)

var dutchField = regexp.MustCompile(`\b(IBAN|BIC|NAAM|OMSCHRIJVING|KENMERK|MACHTIGING|INCASSANT): +`)

func (i *info) columns(text string) {
	before, found := parts(dutchField, text)
	i.say(before)
	for _, f := range found {
		v := strings.Join(strings.Fields(f.value), " ")
		switch f.code {
		case "IBAN":
			i.account = v
		case "BIC":
			i.bic = v
		case "NAAM":
			i.name = v
		case "KENMERK":
			i.endToEnd = reference(v)
		case "MACHTIGING":
			i.mandate = reference(v)
		case "OMSCHRIJVING":
			i.purpose(v)
		}
	}
}

// nonSwift reads field NS of German cooperative banks: 01–14 purpose, 15 and 16 name, 17 title.
func (i *info) nonSwift(text string) {
	for _, line := range strings.Split(text, "\n") {
		if len(line) < 2 || !digits(line[:2]) {
			continue
		}
		v := strings.TrimSpace(line[2:])
		switch n := number(line[:2]); {
		case n >= 1 && n <= 14, n == 17:
			i.say(v)
		case n == 15 || n == 16:
			i.name = strings.TrimSpace(i.name + " " + v)
		}
	}
}

// party is who stands at the other end.
func (i *info) party() bank.Party {
	p := bank.Party{Name: cut(strings.Join(strings.Fields(i.name), " ")), IBAN: cut(i.account)}
	if f := ident.IBAN(i.account); f.Valid() {
		p.IBAN = f.Value
	}
	if f := ident.BIC(i.bic); f.Valid() && f.Value[0] >= 'A' { // ?30 may hold a German bank code of eight figures
		p.BIC = f.Value
	}
	return p
}

// ultimate is on whose behalf money came, or for whom it went.
func (i *info) ultimate(amount int64) string {
	if amount < 0 {
		return cut(i.creditor)
	}
	return cut(i.debtor)
}
