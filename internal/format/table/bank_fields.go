package table

import "strings"

// bankTitles are the titles of the columns of bank statements: those of the exports of Banque Populaire
// and Caisse d'Épargne, BNP Paribas, BoursoBank, CIC and Crédit Mutuel, Crédit Agricole, LCL, La Banque
// Postale, Société Générale, Qonto, Revolut, Shine, and what others call the same things.
var bankTitles = map[string][]string{
	"date": {"date comptabilisation", "date comptable", "booking date", "posting date", "date ecriture", "date operation", "dateop", "date mouvement", "date transaction",
		"settlement date local", "settlement date utc", "settlement date", "date reglement local", "date reglement utc", "date reglement", "date completed utc", "completed date utc", "date completed", "completed date",
		"date operation local", "date operation utc", "operation date local", "operation date utc", "operation date", "transaction date", "posted date", "posted", "date"},
	"value_date": {"date valeur", "dateval", "value date", "date valeur utc", "date valeur local", "date value", "valuta", "valeur"},
	"label": {"libelle operation", "libelle", "libelle complet", "libelle ecriture", "libelle mouvement", "description", "label", "transaction description", "designation", "nature operation", "operation", "operations",
		"details operation", "motif", "narrative", "payment details", "memo", "description1", "communication", "communications", "objet", "libelle simplifie", "libelle court", "intitule operation", "texte", "details", "transaction"},
	"label_2": {"detail ecriture", "informations complementaires", "information complementaire", "libelle detaille", "libelle complementaire", "detail operation", "detail", "details", "commentaire", "comment", "note", "message",
		"description2", "remittance information", "communication", "communications", "complement", "memo"},
	"amount": {"montant total ttc", "total amount incl vat", "total amount", "montant operation", "montant mouvement", "montant signe", "montant net", "montant", "amount", "transaction amount", "somme", "valeur"},
	"debit":  {"debit", "montant debit", "debits", "debit amount", "sortie", "sorties", "paid out", "money out", "withdrawals", "withdrawal", "depenses", "retraits"},
	"credit": {"credit", "montant credit", "credits", "credit amount", "entree", "entrees", "paid in", "money in", "deposits", "deposit", "recettes", "versements"},
	"balance": {"solde apres operation", "solde progressif", "solde bancaire", "solde compte", "solde comptable", "nouveau solde", "solde", "running balance", "account balance", "accountbalance", "closing balance", "balance",
		"solde operation"},
	"currency": {"devise", "code devise", "currency", "currency code", "monnaie", "payment currency", "devise compte", "account currency"},
	"side":     {"sens", "d/c", "c/d", "debit credit", "credit debit", "signe", "sign", "direction", "sens operation", "indicateur debit credit"},
	"name": {"nom contrepartie", "counterparty name", "contrepartie", "counterparty", "nom donneur ordre", "donneur ordre", "nom tiers", "tiers", "emetteur", "nom emetteur", "partner name", "partner", "nom beneficiaire", "beneficiaire",
		"donneur ordre beneficiaire", "tiers donneur ordre", "supplierfound", "payer", "payer name", "payee", "debiteur", "nom debiteur", "merchant", "nom contrepartie contient", "beneficiary name", "nom", "name", "tireur"},
	"iban": {"iban donneur ordre", "iban contrepartie", "counterparty iban", "iban tiers", "iban debiteur", "iban emetteur", "compte donneur ordre", "compte contrepartie", "compte tiers contrepartie", "counterparty account", "counterparty account number", "partner iban",
		"iban beneficiaire", "beneficiary iban", "bank account", "partner bank account", "iban"},
	"bic":        {"bic contrepartie", "counterparty bic", "bic donneur ordre", "bic debiteur", "beneficiary bic", "bic", "swift"},
	"reference":  {"reference", "reference operation", "ref operation", "votre reference", "reference client", "payment reference", "reference paiement", "reference virement", "ref"},
	"end_to_end": {"end to end id", "endtoendid", "end to end", "end to end reference", "reference bout bout", "identifiant bout bout"},
	"bank_ref": {"identifiant transaction", "transaction id", "id transaction", "n transaction", "no transaction", "numero transaction", "numero operation", "n operation", "no operation", "reference banque", "bank reference", "numero ecriture",
		"n ecriture", "id"},
	"method":  {"moyen paiement", "mode paiement", "methode paiement", "payment method", "type operation", "type transaction", "transaction type", "operation type", "type mouvement", "type", "nature"},
	"status":  {"statut", "status", "state", "etat"},
	"fee":     {"fee", "fees", "frais", "commission"},
	"account": {"numero compte", "n compte", "no compte", "account number", "accountnum", "compte bancaire", "iban compte", "account iban", "compte", "account"},
}

// elsewhere are titles that no bank's statement bears: those of ledgers, lists of invoices and of
// their payments.
var elsewhere = func() map[string]bool {
	out := map[string]bool{}
	for _, t := range []string{"journal", "code journal", "lettrage", "lettre", "pièce", "n° pièce", "numéro pièce", "réf pièce", "échéance", "date échéance", "due date", "due", "client", "nom client", "code client", "customer", "customer name",
		"compte client", "compte tiers", "compte auxiliaire", "auxiliaire", "compte général", "facture", "n° facture", "numéro facture", "date facture", "invoice", "invoice number", "invoice no", "invoice date", "montant réglé", "date de règlement client",
		"reste à payer", "contrepartie comptable", "compte comptable", "siren", "siret"} {
		out[fold(t)] = true
	}
	return out
}()

// unlikeBank is what speaks against a bank's statement: titles of other lists, and one column of amounts
// that are all positive, with nothing that only a bank writes.
func (s *Sheet) unlikeBank(used map[string]bool, seen []profile) (n int) {
	negative := false
	for i, h := range s.headers {
		if elsewhere[fold(h)] || canonical(Payments, h) && !canonical(Bank, h) || canonical(Invoices, h) && !canonical(Bank, h) {
			n += 60
		}
		negative = negative || seen[i].negative > 0
	}
	for _, f := range []string{"debit", "credit", "value_date", "balance", "iban", "side", "bank_ref"} {
		if used[f] {
			return n
		}
	}
	if !negative {
		n += 40
	}
	return n
}

// ownAccount mends a column "IBAN" that holds one value all along: the account's own, not the payers'.
func (m *Mapping) ownAccount(s *Sheet) {
	if m.Kind != Bank || m.Has("account") {
		return
	}
	for i := range m.Columns {
		c := &m.Columns[i]
		if c.Field != "iban" || fold(c.Header) != "iban" || c.Header == "iban" {
			continue
		}
		values := map[string]bool{}
		for _, cells := range s.sample {
			if c.Index >= len(cells) || cells[c.Index] == "" {
				return
			}
			values[strings.ReplaceAll(cells[c.Index], " ", "")] = true
		}
		if len(values) == 1 && len(s.sample) > 1 {
			c.Field = "account"
		}
	}
}
