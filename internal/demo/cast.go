package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"relance/internal/domain/party"
)

// Every name here is invented; addresses of mail end in .example, which no server answers for.
var (
	trades = []string{"Menuiserie", "Boulangerie", "Plomberie", "Imprimerie", "Garage", "Transports", "Cabinet", "Ateliers", "Maison", "Établissements",
		"Charpentes", "Serrurerie", "Pépinières", "Brasserie", "Électricité", "Peintures", "Traiteur", "Librairie", "Carrelages", "Maçonnerie"}
	names = []string{"Auffret", "Bellamy", "Chardin", "Delmas", "Estève", "Fauvel", "Guérin", "Hamelin", "Jaouen", "Kermadec", "Lanoë", "Maréchal",
		"Nivelle", "Oriol", "Pasquier", "Quesnel", "Rambert", "Salvat", "Tessier", "Urvoas", "Vallon", "Weber", "Ysambert", "Zeller", "Aubin", "Briand",
		"Cordier", "Daguerre", "Fontenay", "Grimaud", "Hérault", "Josselin"}
	firsts  = []string{"Anne", "Bruno", "Claire", "David", "Élise", "Farid", "Hélène", "Inès", "Julien", "Karim", "Louise", "Marc", "Nadia", "Olivier", "Sophie", "Yann"}
	forms   = []string{"SAS", "SARL", "SA", "EURL"}
	streets = []string{"rue des Forges", "quai du Commerce", "avenue Foch", "rue du Four", "place de l’Église", "boulevard de la Gare", "chemin des Vignes",
		"rue de la République", "impasse du Moulin", "zone artisanale des Landes"}
	towns = [][2]string{{"29200", "Brest"}, {"35000", "Rennes"}, {"44000", "Nantes"}, {"33000", "Bordeaux"}, {"69003", "Lyon"}, {"59000", "Lille"},
		{"31000", "Toulouse"}, {"67000", "Strasbourg"}, {"13002", "Marseille"}, {"75011", "Paris"}, {"21000", "Dijon"}, {"14000", "Caen"}}
	bodies = []string{"Commune de Saint-Aubin-des-Bois", "Communauté de communes du Val Joyeux", "Lycée Jeanne-Barret", "Département des Deux-Rives",
		"Office public de l’habitat du Plateau", "Commune de Montreuil-sous-Orme", "Syndicat des eaux de la Vallée", "École supérieure des métiers"}
	abroad = [][4]string{{"Hansen Möbel GmbH", "DE", "20095", "Hamburg"}, {"Brouwer & Zoon", "NL", "1012", "Amsterdam"}, {"Delvaux Frères", "BE", "4000", "Liège"},
		{"Northgate Joinery Ltd", "GB", "M1 2AB", "Manchester"}, {"Cascade Millwork Inc.", "US", "97201", "Portland"}, {"Falegnameria Rossetti", "IT", "10121", "Torino"},
		{"Carpintería del Puerto", "ES", "08003", "Barcelona"}, {"Helvetia Holzbau AG", "CH", "3011", "Bern"}}
)

// temper is how a customer pays.
type temper struct {
	late    int  // days after the due date, about
	never   bool // until a formal notice, and perhaps not then
	partial bool // in two halves
	argues  bool // disputes now and then
}

// debtor is a customer of the play.
type debtor struct {
	code, name, siren string
	kind              party.Kind
	asserted          bool // the file says the kind
	currency          string
	email, buyer      string
	contact           string
	address           [4]string // street, postcode, town, country
	temper            temper
	big               bool
}

// cast invents the customers, always the same ones.
func cast(r *rand.Rand, n int) []debtor {
	out := make([]debtor, 0, n)
	for i := range n {
		d := debtor{code: fmt.Sprintf("C%03d", i+1), kind: party.Pro, asserted: true, currency: "EUR", big: r.IntN(9) == 0}
		town := towns[r.IntN(len(towns))]
		d.address = [4]string{fmt.Sprintf("%d %s", 1+r.IntN(90), streets[r.IntN(len(streets))]), town[0], town[1], ""}
		d.contact = firsts[r.IntN(len(firsts))] + " " + names[r.IntN(len(names))]
		switch {
		case i%31 == 7:
			d.kind, d.name = party.Public, bodies[(i/31)%len(bodies)]
		case i%27 == 11:
			a := abroad[(i/27)%len(abroad)]
			d.kind, d.name, d.address = party.Foreign, a[0], [4]string{fmt.Sprintf("%d Main Street", 1+r.IntN(90)), a[2], a[3], a[1]}
			d.currency = map[string]string{"GB": "GBP", "US": "USD", "CH": "CHF"}[a[1]]
			if d.currency == "" {
				d.currency = "EUR"
			}
		case i%13 == 5:
			d.kind, d.name = party.Consumer, d.contact
		case i%23 == 3:
			d.asserted = false
			fallthrough
		default:
			d.name = trades[r.IntN(len(trades))] + " " + names[r.IntN(len(names))]
			if r.IntN(3) == 0 {
				d.name += " " + forms[r.IntN(len(forms))]
			}
			d.siren = siren(r)
		}
		d.email = mailOf(d.name, i)
		if i%41 == 20 {
			d.email = "" // only a letter reaches this one
		}
		if d.kind == party.Pro && r.IntN(4) == 0 {
			d.buyer = "achats@" + strings.SplitN(mailOf(d.name, i), "@", 2)[1]
		}
		d.temper = tempers[r.IntN(len(tempers))]
		out = append(out, d)
	}
	return out
}

var tempers = []temper{{late: -2}, {late: 0}, {late: 0}, {late: 1}, {late: 2}, {late: 4}, {late: 8}, {late: 9}, {late: 14}, {late: 22}, {late: 30},
	{late: 12, partial: true}, {late: 25, partial: true}, {late: 40}, {never: true}, {late: 18, argues: true}, {late: 35, argues: true}, {late: 6}, {late: 3}}

// siren invents a number whose control figure is right.
func siren(r *rand.Rand) string {
	digits := make([]int, 9)
	sum := 0
	for i := range 8 {
		digits[i] = r.IntN(9) + 1
		n := digits[i]
		if i%2 == 1 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	digits[8] = (10 - sum%10) % 10
	var b strings.Builder
	for _, d := range digits {
		fmt.Fprint(&b, d)
	}
	return b.String()
}

// mailOf makes an address out of a name.
func mailOf(name string, i int) string {
	plain := strings.NewReplacer("é", "e", "è", "e", "ë", "e", "ê", "e", "É", "e", "ç", "c", "ö", "o", "í", "i", "ï", "i", "â", "a", "’", "", "&", "", ".", "", " ", "-").Replace(name)
	var b strings.Builder
	for _, r := range strings.ToLower(plain) {
		if r >= 'a' && r <= 'z' || r == '-' && b.Len() > 0 {
			b.WriteRune(r)
		}
	}
	host := strings.Trim(strings.ReplaceAll(b.String(), "--", "-"), "-")
	return fmt.Sprintf("compta@%s-%d.example", host, i+1)
}
