package table

import "strings"

// sources lists, for each program, folded titles that its exports bear and others seldom do.
var sources = []struct {
	name   string
	titles []string
}{
	{"odoo", []string{"invoice partner display name", "nom affichage partenaire facture", "invoice bill date", "amount residual signed", "amount total signed", "invoice date due",
		"total signe", "total signed", "montant dû signe", "amount due signed", "move type", "payment state", "activites", "next activity", "total devise signe", "untaxed amount signed", "montant hors taxes signe", "invoice origin"}},
	{"dolibarr", []string{"ref facture", "id facture", "id societe", "facture brouillon", "fk soc", "facnumber", "datef", "date lim reglement", "total ttc facture", "code client societe", "date limite reglement", "nom societe", "reste payer"}},
	{"pennylane", []string{"numero facture pennylane", "statut paiement", "montant restant", "pennylane", "remaining amount", "lien facture", "date emission", "invoice number", "label", "identifiant externe", "categories analytiques"}},
	{"axonaut", []string{"axonaut", "numero facture axonaut", "reste regler", "date dernier paiement", "contact facturation", "opportunite", "nb relances", "societe", "ref client", "charge affaires"}},
	{"sellsy", []string{"sellsy", "depot", "montant du", "num document", "smart tags", "smart tag", "tiers", "objet", "proprietaire", "etape", "date etape", "restant du"}},
	{"sage", []string{"code tiers", "compte tiers", "intitule tiers", "code journal", "n piece", "mode reglement", "n compte general", "reference piece", "numero compte", "libelle ecriture", "date piece", "contrepartie", "compte general", "montant debit"}},
	{"ebp", []string{"code client", "numero document", "n document", "date document", "net payer", "solde du", "code document", "montant document", "territorialite", "code commercial colleague", "nom client", "etat document", "commercial"}},
	{"cegid", []string{"auxiliaire", "general", "reference interne", "ref interne", "date comptable", "etablissement", "nature piece", "nature", "lettrage", "mode paiement", "numero piece", "exercice", "qualif piece", "libelle auxiliaire"}},
	{"qonto", []string{"total amount incl vat", "settlement date utc", "settlement date local", "montant total ttc", "date valeur utc", "date operation utc", "nom contrepartie", "counterparty name", "identifiant transaction"}},
	{"revolut", []string{"started date", "completed date", "date started utc", "date completed utc", "payment currency", "orig currency", "product"}},
	{"boursobank", []string{"dateop", "dateval", "accountnum", "accountbalance", "supplierfound", "accountlabel", "categoryparent"}},
	{"shine", []string{"solde mouvement", "solde bancaire", "transaction personnelle", "date valeur", "nom contrepartie"}},
	{"banque populaire", []string{"libelle simplifie", "pointage operation", "informations complementaires", "date comptabilisation", "sous categorie"}},
	{"societe generale", []string{"detail ecriture", "montant operation", "date operation"}},
	{"bnp paribas", []string{"libelle court", "montant operation", "type operation", "libelle operation"}},
	{"quickbooks", []string{"transaction type", "open balance", "num", "customer full name", "terms", "past due", "aging", "memo description", "type transaction", "solde ouvert", "doc number"}},
}

// recognise names the program that wrote the titles: the one with most of its own, two peculiar
// ones at least; the name of the file helps. "" when it is anyone's guess.
func recognise(file string, headers []string) string {
	have := map[string]bool{}
	for _, h := range headers {
		have[fold(h)] = true
	}
	lower := strings.ToLower(file)
	best, name := 0, ""
	for _, s := range sources {
		n := 0
		for i, t := range s.titles {
			if have[fold(t)] {
				if n += 2; i < 4 { // the first of each list are the most peculiar
					n++
				}
			}
		}
		if n > 0 && strings.Contains(lower, s.name) {
			n += 4
		}
		if n > best {
			best, name = n, s.name
		}
	}
	if best < 6 {
		return ""
	}
	return name
}
