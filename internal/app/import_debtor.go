package app

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"relance/internal/domain/dunning"
	"relance/internal/domain/party"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/ground/ident"
	"relance/internal/store"
)

// debtor is what an import keeps in mind of a customer while it reads a file.
type debtor struct {
	id    id.Customer
	code  string
	terms string
	known bool // terms confirmed
}

func debtorOf(c *party.Customer) *debtor {
	return &debtor{id: c.ID, code: c.Code, terms: c.Terms, known: c.TermsConfirmed}
}

// debtors are the customers that a file has met, by code where it gives one, else by name.
type debtors struct {
	list   []debtor
	byCode map[string]int32
	byName map[string]int32
}

func newDebtors() *debtors {
	return &debtors{byCode: map[string]int32{}, byName: map[string]int32{}}
}

func nameKey(d *party.Draft) string { return store.NameKey(d.Name) + "\x00" + d.SIREN + d.VAT }

// of is the customer that a draft means, nil when it was not met yet.
func (ds *debtors) of(d *party.Draft) *debtor {
	var at int32
	var ok bool
	if d.Code != "" {
		at, ok = ds.byCode[d.Code]
	} else {
		at, ok = ds.byName[nameKey(d)]
	}
	if !ok {
		return nil
	}
	return &ds.list[at]
}

// met keeps who a draft means. Texts are copied: those of a draft hold the whole line in memory.
func (ds *debtors) met(d *party.Draft, c *party.Customer) {
	deb := *debtorOf(c)
	deb.code, deb.terms = strings.Clone(deb.code), strings.Clone(deb.terms)
	ds.list = append(ds.list, deb)
	at := int32(len(ds.list) - 1)
	switch {
	case d.Code == "":
		ds.byName[nameKey(d)] = at
	case d.Code == deb.code:
		ds.byCode[deb.code] = at
	default:
		ds.byCode[strings.Clone(d.Code)] = at
	}
}

// draftKey tells drafts of one batch apart.
func draftKey(d *party.Draft) string {
	if d.Code != "" {
		return "c" + d.Code
	}
	return "n" + nameKey(d)
}

// lookUp finds the customers of drafts, in batches: those found are then in fi.debtors; the
// others are given back, each once.
func (fi *fileImport) lookUp(m *moment, drafts []*party.Draft) (missing []*party.Draft, find *finder, err error) {
	var fresh []*party.Draft
	asked := map[string]bool{}
	for _, d := range drafts {
		if fi.debtors.of(d) != nil {
			continue
		}
		if k := draftKey(d); !asked[k] {
			asked[k] = true
			fresh = append(fresh, d)
		}
	}
	if len(fresh) == 0 {
		return nil, nil, nil
	}
	if find, err = fi.finder(m, fresh); err != nil {
		return nil, nil, err
	}
	for _, d := range fresh {
		c, err := find.find(m, d)
		if err != nil {
			return nil, nil, err
		}
		if c == nil {
			missing = append(missing, d)
			continue
		}
		if err := fi.complete(m, c, d); err != nil {
			return nil, nil, err
		}
		fi.debtors.met(d, c)
	}
	return missing, find, nil
}

// createAll creates the customers that nobody knew.
func (fi *fileImport) createAll(m *moment, drafts []*party.Draft, find *finder) error {
	made := make([]*party.Customer, 0, len(drafts))
	taken := map[string]bool{}
	for _, d := range drafts {
		made = append(made, fi.create(d, find, taken))
	}
	if err := m.InsertCustomers(m.ctx, made, fi.row.ID); err != nil {
		return err
	}
	for i, c := range made {
		fi.debtors.met(drafts[i], c)
	}
	return nil
}

// finder holds the candidates of one batch.
type finder struct {
	byCode map[string]*party.Customer
	byName map[string][]*party.Customer
}

func (fi *fileImport) finder(m *moment, drafts []*party.Draft) (*finder, error) {
	f := &finder{byCode: map[string]*party.Customer{}, byName: map[string][]*party.Customer{}}
	var codes, names []string
	for _, d := range drafts {
		if d.Code != "" {
			codes = append(codes, d.Code)
		}
	}
	list, err := m.CustomersByCode(m.ctx, codes)
	if err != nil {
		return nil, err
	}
	for i := range list {
		f.byCode[list[i].Code] = &list[i]
	}
	for _, d := range drafts {
		switch {
		case d.Code != "" && f.byCode[d.Code] != nil:
		case d.Name != "":
			names = append(names, d.Name)
		case d.Code != "":
			names = append(names, d.Code)
		}
	}
	if list, err = m.CustomersByName(m.ctx, names); err != nil {
		return nil, err
	}
	for i := range list {
		c := &list[i]
		if same := f.byCode[c.Code]; same != nil {
			c = same
		}
		k := store.NameKey(c.Name)
		f.byName[k] = append(f.byName[k], c)
	}
	return f, nil
}

// find is the order of PRODUCT.md §7: code, SIREN, VAT number, then exact name and postcode.
func (f *finder) find(m *moment, d *party.Draft) (*party.Customer, error) {
	if c := f.byCode[d.Code]; d.Code != "" && c != nil {
		return c, nil
	}
	if d.SIREN != "" || d.SIRET != "" || d.VAT != "" {
		c, err := byIdentifier(m, d)
		if c != nil || err != nil {
			return c, err
		}
	}
	name := d.Name
	if name == "" { // "Client" may hold names although it stands where codes do
		name = d.Code
	}
	var found *party.Customer
	for _, c := range f.byName[store.NameKey(name)] {
		if d.Postcode != "" && c.Address.Postcode != "" && d.Postcode != c.Address.Postcode {
			continue
		}
		// Two codes are two customers, unless the known one is made up (see madeCode).
		if d.Code != "" && d.Name != "" && !madeUp(c) {
			continue
		}
		if found != nil {
			return nil, nil // two of that name: nobody can tell
		}
		found = c
	}
	return found, nil
}

func byIdentifier(m *moment, d *party.Draft) (*party.Customer, error) {
	siren := ident.SIREN(d.SIREN).Value
	if siren == "" {
		if s := ident.SIRET(d.SIRET).Value; s != "" {
			siren = s[:9]
		}
	}
	vat := ident.VAT(d.VAT).Value
	if siren == "" && vat == "" {
		return nil, nil
	}
	list, err := m.CustomersLike(m.ctx, siren, vat, d.Name)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(c party.Customer) bool {
		return (siren == "" || c.SIREN != siren) && (vat == "" || c.VAT != vat)
	})
	siret := ident.SIRET(d.SIRET).Value
	best := -1
	for i, c := range list {
		switch {
		case siret != "" && c.SIRET == siret, store.NameKey(c.Name) == store.NameKey(d.Name):
			return &list[i], nil
		case siret != "" && c.SIRET != "": // another establishment
			continue
		case d.Code != "" && !madeUp(&c): // a code of its own: another account of the same company
			continue
		case best < 0:
			best = i
		}
	}
	if best < 0 {
		return nil, nil
	}
	return &list[best], nil
}

// madeUp tells whether a code was made from what was known instead of given by a file.
func madeUp(c *party.Customer) bool {
	return c.Code == c.Name || c.SIREN != "" && c.Code == c.SIREN || c.VAT != "" && c.Code == c.VAT
}

// create makes a customer of a draft. Its first message is to be confirmed (PRODUCT.md §3 rule 4).
func (fi *fileImport) create(d *party.Draft, f *finder, taken map[string]bool) *party.Customer {
	c := &party.Customer{Code: d.Code, Kind: party.Unknown, ConfirmFirst: true}
	fi.fill(c, d, false)
	if c.Name == "" {
		c.Name = d.Code
	}
	if c.Code == "" {
		c.Code = c.Name
		for _, code := range []string{c.SIREN, c.VAT} {
			if fi.einv != nil && code != "" {
				c.Code = code
				break
			}
		}
		base := c.Code
		for n := 2; f.byCode[c.Code] != nil || taken[c.Code] || fi.debtors.of(&party.Draft{Code: c.Code}) != nil; n++ {
			c.Code = fmt.Sprintf("%s (%d)", base, n)
		}
	}
	taken[c.Code] = true
	return c
}

// complete fills what was not known of a customer; what is known stays. A code that was made up
// gives way to the file's own.
func (fi *fileImport) complete(m *moment, c *party.Customer, d *party.Draft) error {
	return fi.changeCustomer(m, c, func(c *party.Customer) {
		was := *c
		fi.fill(c, d, false)
		if d.Code != "" && d.Code != c.Code && madeUp(&was) && d.Name != "" {
			c.Code = d.Code
		}
		if d.Name != "" && was.Name == was.Code {
			c.Name = d.Name
		}
	})
}

// changeCustomer changes a customer as a file says. One that it does change is read again under a lock first: what a
// person keeps at the desk in that moment is not written over.
func (fi *fileImport) changeCustomer(m *moment, c *party.Customer, change func(*party.Customer)) error {
	before := *c
	change(c)
	if sameCustomer(&before, c) {
		return nil
	}
	now, err := m.CustomerToEdit(m.ctx, before.Code)
	if err != nil {
		return err
	}
	*c, before = now, now
	change(c)
	return fi.saveCustomer(m, &before, c)
}

func (fi *fileImport) saveCustomer(m *moment, was, c *party.Customer) error {
	if sameCustomer(was, c) {
		return nil
	}
	fi.remember("customer", int64(c.ID), was)
	fi.touched[c.ID] = true
	if was.Email != c.Email || was.Address != c.Address || was.RegisteredAddr != c.RegisteredAddr {
		if err := m.EndTasksOfKind(m.ctx, c.ID, dunning.TaskAddress, m.day, m.actor.Name); err != nil {
			return err
		}
	}
	return m.UpdateCustomer(m.ctx, c)
}

func sameCustomer(a, b *party.Customer) bool {
	return reflect.DeepEqual(a, b)
}

// fill puts what a draft says into a customer: over what is known when it asserts (a customers
// file), else only where nothing is.
func (fi *fileImport) fill(c *party.Customer, d *party.Draft, asserts bool) {
	set := func(field *string, v string) {
		if v != "" && (asserts || *field == "") {
			*field = v
		}
	}
	set(&c.Name, d.Name)
	set(&c.LegalName, d.LegalName)
	set(&c.SIREN, fi.identifier("siren", d, d.SIREN, ident.SIREN))
	set(&c.SIRET, fi.identifier("siret", d, d.SIRET, ident.SIRET))
	set(&c.VAT, fi.identifier("vat", d, d.VAT, ident.VAT))
	if c.SIREN == "" && c.SIRET != "" {
		c.SIREN = c.SIRET[:9]
	}
	if d.Address != "" && (asserts || c.Address.Lines == "") {
		c.Address = party.Address{Lines: d.Address, Postcode: d.Postcode, City: d.City, Country: country(d.Country)}
	} else {
		set(&c.Address.Postcode, d.Postcode)
		set(&c.Address.City, d.City)
		set(&c.Address.Country, country(d.Country))
	}
	if d.Email != "" && !isMailbox(d.Email) {
		fi.rep.warn(fault.Problem{Line: d.Line, Field: "email", Value: d.Email, Key: "import.email"})
	} else {
		set(&c.Email, d.Email)
	}
	set(&c.Phone, d.Phone)
	set(&c.ServiceCode, d.ServiceCode)
	if l, ok := i18n.Match(d.Language); ok && d.Language != "" && (asserts || c.Language == "") {
		c.Language = l
	}
	c.KindProposed = proposal(c)
	if k := proof(c); k != "" && !c.KindConfirmed {
		c.Kind, c.KindConfirmed = k, true
	}
}

// identifier cleans one: a wrong control figure only warns (official samples fail it), what has
// another form is left out with a warning.
func (fi *fileImport) identifier(field string, d *party.Draft, v string, look func(string) ident.Finding) string {
	if v == "" {
		return ""
	}
	f := look(v)
	if !f.Valid() {
		fi.rep.warn(fault.Problem{Line: d.Line, Field: field, Value: v, Key: f.Reason})
	}
	return f.Value
}

// proposal is what the identifiers suggest (PRODUCT.md §3 rule 0): the SIREN of a French public
// body begins with 1 or 2.
func proposal(c *party.Customer) party.Kind {
	siren := c.SIREN
	if siren == "" && strings.HasPrefix(c.VAT, "FR") && len(c.VAT) == 13 {
		siren = c.VAT[4:]
	}
	switch {
	case siren != "" && ident.SIREN(siren).Valid() && (siren[0] == '1' || siren[0] == '2'):
		return party.Public
	case siren != "" && ident.SIREN(siren).Valid():
		return party.Pro
	case c.VAT != "" && !strings.HasPrefix(c.VAT, "FR"):
		return party.Foreign
	}
	return c.KindProposed
}

// proof is the kind that an identifier proves: a French VAT number whose key and SIREN are right
// is given to taxable persons only, professionals by definition (CGI 256 A). A SIREN alone proves
// nothing: associations and joint owners have one too.
func proof(c *party.Customer) party.Kind {
	if !strings.HasPrefix(c.VAT, "FR") || len(c.VAT) != 13 || !ident.VAT(c.VAT).Valid() || c.VAT[2] > '9' || c.VAT[3] > '9' {
		return ""
	}
	siren := c.VAT[4:]
	if !ident.SIREN(siren).Valid() || siren[0] == '1' || siren[0] == '2' || c.SIREN != "" && c.SIREN != siren {
		return ""
	}
	return party.Pro
}

// country brings the usual names of countries to their code.
func country(s string) string {
	s = strings.TrimSpace(s)
	if len(s) == 2 {
		return strings.ToUpper(s)
	}
	return countries[store.NameKey(s)]
}

var countries = map[string]string{"france": "FR", "belgique": "BE", "belgium": "BE", "suisse": "CH", "switzerland": "CH",
	"luxembourg": "LU", "allemagne": "DE", "germany": "DE", "espagne": "ES", "spain": "ES", "italie": "IT", "italy": "IT",
	"pays bas": "NL", "netherlands": "NL", "royaume uni": "GB", "united kingdom": "GB", "portugal": "PT", "etats unis": "US",
	"united states": "US", "monaco": "MC", "autriche": "AT", "austria": "AT", "irlande": "IE", "ireland": "IE", "canada": "CA",
	"maroc": "MA", "tunisie": "TN", "algerie": "DZ", "pologne": "PL", "poland": "PL", "suede": "SE", "danemark": "DK"}
