package table

import (
	"strings"

	"relance/internal/domain/bill"
	"relance/internal/domain/cash"
	"relance/internal/domain/party"
)

// yesNo reads a cell that says yes or no, in French or English.
func yesNo(v string) (yes, ok bool) {
	if len(v) > 8 {
		return false, false
	}
	switch fold(v) {
	case "oui", "o", "yes", "y", "vrai", "true", "x", "1", "✓", "ok":
		return true, true
	case "non", "n", "no", "faux", "false", "0":
		return false, true
	}
	return false, v == "-"
}

// documents are the words by which programs call their documents.
var documents = map[string]bill.Kind{
	"invoice": bill.Invoice, "facture": bill.Invoice, "fact": bill.Invoice, "fac": bill.Invoice, "fa": bill.Invoice, "fc": bill.Invoice,
	"f": bill.Invoice, "ft": bill.Invoice, "facture client": bill.Invoice, "facture vente": bill.Invoice, "facture standard": bill.Invoice,
	"customer invoice": bill.Invoice, "sales invoice": bill.Invoice, "out invoice": bill.Invoice, "vente": bill.Invoice, "standard": bill.Invoice,
	"facture rectificative": bill.Invoice, "facture remplacement": bill.Invoice, "replacement": bill.Invoice, "380": bill.Invoice, "384": bill.Invoice, "389": bill.Invoice,
	"credit note": bill.CreditNote, "avoir": bill.CreditNote, "av": bill.CreditNote, "a": bill.CreditNote, "avo": bill.CreditNote, "avr": bill.CreditNote,
	"facture avoir": bill.CreditNote, "avoir client": bill.CreditNote, "note credit": bill.CreditNote, "credit memo": bill.CreditNote, "credit": bill.CreditNote,
	"creditnote": bill.CreditNote, "customer credit note": bill.CreditNote, "refund": bill.CreditNote, "out refund": bill.CreditNote, "remboursement": bill.CreditNote, "381": bill.CreditNote,
	"deposit": bill.Deposit, "acompte": bill.Deposit, "facture acompte": bill.Deposit, "ac": bill.Deposit, "down payment": bill.Deposit, "deposit invoice": bill.Deposit, "386": bill.Deposit,
	"progress": bill.Progress, "situation": bill.Progress, "facture situation": bill.Progress, "situation travaux": bill.Progress, "progress invoice": bill.Progress, "326": bill.Progress,
	"final": bill.Final, "facture solde": bill.Final, "solde": bill.Final, "decompte": bill.Final, "final invoice": bill.Final, "dgd": bill.Final,
	"retention": bill.Retention, "retenue": bill.Retention, "retenue garantie": bill.Retention, "rg": bill.Retention,
	"debit note": bill.DebitNote, "note debit": bill.DebitNote, "debit memo": bill.DebitNote, "383": bill.DebitNote,
}

// notInvoices are documents that ask for no money, or are money.
var notInvoices = map[string]bool{
	"devis": true, "quote": true, "quotation": true, "estimate": true, "proforma": true, "pro forma": true, "facture proforma": true, "facture pro forma": true,
	"commande": true, "bon commande": true, "order": true, "sales order": true, "bon livraison": true, "bl": true, "delivery note": true,
	"payment": true, "paiement": true, "reglement": true, "rglt": true, "encaissement": true, "entry": true, "in invoice": true, "in refund": true,
	"facture fournisseur": true, "vendor bill": true, "325": true, "751": true,
}

// settled tells what a status says of a payment.
type settlement uint8

const (
	sayNothing settlement = iota
	sayPaid
	sayPartly
	sayUnpaid
	sayDraft     // not issued, or a quote
	sayCancelled // issued and taken back
)

var statuses = map[string]settlement{
	"paid": sayPaid, "payee": sayPaid, "paye": sayPaid, "reglee": sayPaid, "regle": sayPaid, "soldee": sayPaid, "solde": sayPaid, "acquittee": sayPaid,
	"encaissee": sayPaid, "encaisse": sayPaid, "fully paid": sayPaid, "totalement payee": sayPaid, "closed": sayPaid, "cloturee": sayPaid, "lettree": sayPaid, "reconciled": sayPaid,
	"partial": sayPartly, "partially paid": sayPartly, "partiellement payee": sayPartly, "partiellement reglee": sayPartly, "payee partiellement": sayPartly, "partiel": sayPartly, "reglement partiel": sayPartly, "en paiement": sayNothing, "in payment": sayNothing,
	"unpaid": sayUnpaid, "not paid": sayUnpaid, "impayee": sayUnpaid, "impaye": sayUnpaid, "non payee": sayUnpaid, "non reglee": sayUnpaid, "payer": sayUnpaid, "regler": sayUnpaid, "ouverte": sayUnpaid, "open": sayUnpaid,
	"envoyee": sayUnpaid, "sent": sayUnpaid, "posted": sayUnpaid, "comptabilisee": sayUnpaid, "validee": sayUnpaid, "retard": sayUnpaid, "overdue": sayUnpaid, "late": sayUnpaid, "echue": sayUnpaid, "attente": sayUnpaid, "relancee": sayUnpaid,
	"draft": sayDraft, "brouillon": sayDraft, "provisoire": sayDraft, "devis": sayDraft, "quote": sayDraft,
	"cancelled": sayCancelled, "canceled": sayCancelled, "annulee": sayCancelled, "annule": sayCancelled, "abandonnee": sayCancelled, "cancel": sayCancelled, "void": sayCancelled, "voided": sayCancelled, "reversed": sayCancelled, "extournee": sayCancelled,
}

// method reads how something is paid.
func method(v string) (cash.Method, bool) {
	f := " " + fold(v) + " "
	has := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(f, " "+w) {
				return true
			}
		}
		return false
	}
	switch {
	case has("virement", "transfer", "vir ", "wire", "sepa credit", "bank", "banque", "swift"):
		return cash.Transfer, true
	case has("prelevement", "direct debit", "direct-debit", "prlv", "debit direct", "sepa", "prel"):
		return cash.DirectDebit, true
	case has("cheque", "check", "chq", "chèque"):
		return cash.Cheque, true
	case has("lcr", "traite", "effet", "bill", "bor ", "billet", "vcom", "lettre change"):
		return cash.Bill, true
	case has("carte", "card", "cb ", "tpe", "stripe", "paypal"):
		return cash.Card, true
	case has("espece", "cash", "liquide"):
		return cash.Cash, true
	}
	return cash.Unspecified, false
}

// roles are the words by which a contact's work is called.
var roles = []struct {
	role  party.Role
	words []string
}{
	{party.LegalRepresentative, []string{"legal representative", "representant legal", "gerant", "president", "mandataire social"}},
	{party.Accounting, []string{"accounting", "compta", "comptab", "facturation", "billing", "finance", "daf", "tresor", "account", "fournisseur"}},
	{party.Buyer, []string{"buyer", "achat", "acheteur", "purchas", "approvisionn", "commande", "procurement"}},
	{party.Executive, []string{"executive", "direct", "dg ", "pdg", "ceo", "cfo", "chief", "associe", "head"}},
	{party.Payer, []string{"payer", "payeur", "paiement", "reglement", "payment"}},
}

func role(v string) party.Role {
	f := " " + fold(v) + " "
	for _, r := range party.Roles {
		if strings.EqualFold(strings.TrimSpace(v), string(r)) {
			return r
		}
	}
	for _, r := range roles {
		for _, w := range r.words {
			if strings.Contains(f, " "+w) {
				return r.role
			}
		}
	}
	return party.OtherRole
}

// kinds are the words by which people class their customers; the codes of law-fr.md §1 mean
// themselves.
var kinds = map[string]party.Kind{
	"pro": party.Pro, "professionnel": party.Pro, "professional": party.Pro, "entreprise": party.Pro, "societe": party.Pro, "company": party.Pro, "b2b": party.Pro, "business": party.Pro,
	"consumer": party.Consumer, "consommateur": party.Consumer, "particulier": party.Consumer, "individual": party.Consumer, "b2c": party.Consumer, "person": party.Consumer, "personne": party.Consumer,
	"public": party.Public, "collectivite": party.Public, "administration": party.Public, "b2g": party.Public, "secteur public": party.Public, "mairie": party.Public, "etat": party.Public,
	"public health": party.PublicHealth, "hopital": party.PublicHealth, "etablissement public sante": party.PublicHealth,
	"public enterprise": party.PublicEnterprise, "entreprise publique": party.PublicEnterprise,
	"non pro": party.NonPro, "non professionnel": party.NonPro, "association": party.NonPro, "copropriete": party.NonPro, "syndicat copropriete": party.NonPro, "sci": party.NonPro,
	"foreign": party.Foreign, "etranger": party.Foreign, "export": party.Foreign,
	"unknown": party.Unknown, "inconnu": party.Unknown,
}

// KindOf reads the class of a customer as people write it.
func KindOf(v string) (party.Kind, bool) {
	if k := party.Kind(strings.ToUpper(strings.TrimSpace(v))); k.Valid() {
		return k, true
	}
	k, ok := kinds[fold(v)]
	return k, ok
}

// RoleOf reads what a contact does: one of party.Roles, "other" when nothing tells.
func RoleOf(v string) party.Role { return role(v) }

// MethodOf reads how something is paid.
func MethodOf(v string) cash.Method { m, _ := method(v); return m }

// isTotal tells whether a line sums the others: exports end with "Total", "Sous-total client"…
func isTotal(v string) bool {
	f := fold(v)
	for _, w := range []string{"total", "sous total", "grand total", "subtotal", "totaux", "solde total", "report", "cumul"} {
		if f == w || strings.HasPrefix(f, w+" ") {
			return true
		}
	}
	return false
}
