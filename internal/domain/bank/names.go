package bank

import (
	"slices"
	"strings"
)

// name is one name of a debtor, as words that tell.
type name struct {
	debtor int32
	words  []string // as written
	sorted []string // the same in order, each once
	whole  string   // the words without blanks
	called bool     // banks have called it so
}

// legalForms say nothing of who a company is; banks and people drop and add them.
var legalForms = set(`SARL SAS SASU SA SCS SCA EURL SNC SCI SCP SCM SCOP SCIC SCEA EARL GAEC GIE GEIE SELARL SELAS SELURL SEM EI EIRL EPIC
	STE SOCIETE SOC ETS ETABLISSEMENT ETABLISSEMENTS ENT ENTREPRISE CIE COMPAGNIE M MR MME MLLE MONSIEUR MADAME MADEMOISELLE OU ET AND LE LA LES DE DU DES L D
	GMBH AG KG UG EK LTD LIMITED PLC LLC LLP INC CORP CO BV NV BVBA SRL SPA SL SLU SP ZOO AB AS OY APS LDA`)

// commonWords stand in many names: two of them alone tell nobody.
var commonWords = set(`GROUPE FRANCE FRANCAISE INTERNATIONAL EUROPE SERVICES SERVICE CONSEIL CONSULTING TRANSPORTS TRANSPORT HOTEL RESTAURANT PHARMACIE GARAGE
	BOULANGERIE IMMOBILIER BATIMENT TRAVAUX CONSTRUCTION INDUSTRIE INDUSTRIES DISTRIBUTION SOLUTIONS SYSTEMES HOLDING ASSOCIATION MAIRIE COMMUNE VILLE
	CABINET ATELIER CENTRE PARIS LYON MARSEILLE SUD NORD EST OUEST FILS FRERES PERE ELECTRICITE PLOMBERIE MENUISERIE INFORMATIQUE DIGITAL AGENCE`)

// bankWords are what banks write before a name in a label.
var bankWords = set(`VIR VIREMENT VIREMENTS SEPA RECU RECUS INST INSTANTANE EMIS FAVEUR EN VOTRE DE DU REMISE CHEQUE CHEQUES PRLV PRELEVEMENT CB CARTE REF MOTIF ORDRE
	DONNEUR DO P TRF TRANSFER FROM PAIEMENT REGLEMENT`)

// nameOf reads a name: accents, points and legal forms fold away, letters that stand alone join ("S.A.R.L.").
func nameOf(list []word) name {
	var raw []string
	for i := 0; i < len(list); i++ {
		w := list[i].text
		if len(w) == 1 && list[i].kind == letters {
			for i+1 < len(list) && len(list[i+1].text) == 1 && list[i+1].kind == letters {
				i++
				w += list[i].text
			}
		}
		raw = append(raw, w)
	}
	telling := slices.DeleteFunc(slices.Clone(raw), func(w string) bool { return legalForms[w] })
	if len(telling) == 0 {
		telling = raw
	}
	n := name{words: telling, whole: strings.Join(telling, "")}
	n.sorted = slices.Clone(telling)
	slices.Sort(n.sorted)
	n.sorted = slices.Compact(n.sorted)
	return n
}

func (n *name) key() hash {
	h := byName
	for _, w := range n.sorted {
		h = h.text(w).add(0x1f)
	}
	return h.end()
}

// beginning is the first letters of a name: edits and cuts are sought among the names that share them.
const beginning = 4

func startOf(whole string) (hash, bool) {
	if len(whole) < beginning {
		return 0, false
	}
	return byStart.text(whole[:beginning]).end(), true
}

// maxNames bounds the names of a debtor: a bank may call it many ways.
const maxNames = 30

func (b *Book) indexNames() {
	var list []entry
	for i := range b.debtors {
		d := &b.debtors[i]
		had := map[string]bool{}
		for k, text := range append(slices.Clone(d.Names), d.Called...) {
			n := nameOf(wordsOf(text))
			if n.debtor, n.called = int32(i), k >= len(d.Names); n.whole == "" || len(had) >= maxNames || had[strings.Join(n.sorted, " ")] {
				continue
			}
			had[strings.Join(n.sorted, " ")] = true
			at := int32(len(b.names))
			b.names = append(b.names, n)
			list = append(list, entry{n.key(), at})
			for _, w := range n.sorted {
				list = append(list, entry{byWord.text(w).end(), at})
			}
			if h, ok := startOf(n.whole); ok {
				list = append(list, entry{h, at})
			}
		}
	}
	b.called = newIndex(list)
}

// How many names may share a word for it to be looked at, and to tell.
const (
	maxSharing  = 200
	mostTelling = 20
)

// telling counts how many of the words say who it is: not short, not common, shared by few.
func (b *Book) telling(words []string) (n int) {
	for _, w := range words {
		if len(w) >= 3 && !commonWords[w] && len(b.called.find(byWord.text(w).end())) <= mostTelling {
			n++
		}
	}
	return n
}

// nearTo lists the names that share a rare word or the beginning with a name.
func (b *Book) nearTo(n *name) (list []int32) {
	for _, w := range n.sorted {
		if found := b.called.find(byWord.text(w).end()); len(found) <= maxSharing {
			list = append(list, found...)
		}
	}
	if h, ok := startOf(n.whole); ok {
		if found := b.called.find(h); len(found) <= maxSharing {
			list = append(list, found...)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// alikeness says how near two names are that are not equal: weightSome, weightClose or 0.
func (b *Book) alikeness(said, known *name) int {
	short, long := said.sorted, known.sorted
	if len(short) > len(long) {
		short, long = long, short
	}
	if containsAll(long, short) && b.telling(short) >= 2 {
		return weightSome
	}
	if cutShort(said.whole, known.whole) {
		return weightSome // banks cut names at 24, 31 or 35 characters
	}
	if n := len(known.whole); n >= 6 && withinEdits(said.whole, known.whole, 1) || n >= 12 && withinEdits(said.whole, known.whole, 2) {
		return weightClose
	}
	if containsAll(long, short) && b.telling(short) == 1 {
		return weightClose
	}
	return 0
}

func cutShort(said, known string) bool {
	return len(said) >= 14 && len(known) > len(said) && strings.HasPrefix(known, said)
}

// containsAll works on sorted lists.
func containsAll(long, short []string) bool {
	for _, w := range short {
		if _, ok := slices.BinarySearch(long, w); !ok {
			return false
		}
	}
	return len(short) > 0
}

// withinEdits tells whether at most a few letters are added, dropped, changed or exchanged with a neighbour.
func withinEdits(a, b string, most int) bool {
	if len(a)-len(b) > most || len(b)-len(a) > most || len(a) > 120 {
		return false
	}
	var rows [3][]int
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		row, up, upper := rows[i%3], rows[(i+2)%3], rows[(i+1)%3]
		row[0] = i
		best := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(up[j]+1, row[j-1]+1, up[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], upper[j-2]+1)
			}
			best = min(best, row[j])
		}
		if best > most {
			return false
		}
	}
	return rows[len(a)%3][len(b)] <= most
}
