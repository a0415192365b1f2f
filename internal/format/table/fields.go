package table

// Kind says what each line of a table is.
type Kind string

// The kinds of table.
const (
	Invoices  Kind = "invoices"
	Customers Kind = "customers"
	Contacts  Kind = "contacts"
	Payments  Kind = "payments"
	Bank      Kind = "bank" // the movements of a bank account
)

// Kinds lists every kind.
var Kinds = []Kind{Invoices, Customers, Contacts, Payments, Bank}

// Canonical lists the headers of PRODUCT.md §7: they always mean themselves.
var Canonical = map[Kind][]string{
	Invoices: {"number", "kind", "issued", "due", "amount", "currency", "customer", "customer_name", "paid",
		"settled_on", "reference", "order", "received", "delivered", "payment_method", "maturity", "disputed",
		"last_level", "last_reminded_on", "pay_url", "tags", "file"},
	Customers: {"code", "name", "kind", "siren", "siret", "vat", "legal_name", "address", "postcode", "city",
		"country", "registered_address", "language", "scenario", "terms", "payment_method", "parent", "payer",
		"collector", "salesperson", "limit", "tags", "email", "phone"},
	Contacts: {"customer", "name", "role", "email", "phone"},
	Payments: {"customer", "date", "amount", "currency", "invoice", "reference", "method"},
	Bank:     {"date", "value_date", "label", "amount", "currency", "balance", "name", "iban", "reference"},
}

// extra lists what is recognised beside the canonical headers.
var extra = map[Kind][]string{
	Invoices: {"open", "status", "net", "tax", "debit", "credit", "terms", "label", "journal", "paid_flag",
		"quantity", "unit_price", "tax_rate", "line_total", "email", "phone", "siren", "siret", "vat",
		"address", "postcode", "city", "country"},
	Customers: {"address_2", "address_3", "service_code", "first_name", "account"},
	Contacts:  {"first_name", "customer_name", "mobile"},
	Payments:  {"customer_name", "debit", "credit", "label"},
	Bank:      {"debit", "credit", "side", "label_2", "bic", "end_to_end", "bank_ref", "method", "status", "fee", "account"},
}

// Fields lists what a column of a table of that kind may be mapped to, canonical headers first.
func Fields(k Kind) []string { return append(append([]string(nil), Canonical[k]...), extra[k]...) }

// shape is what the values of a field must look like.
type shape uint8

const (
	isText shape = iota
	isDate
	isAmount
)

var shapes = map[string]shape{
	"issued": isDate, "due": isDate, "settled_on": isDate, "received": isDate, "delivered": isDate,
	"maturity": isDate, "last_reminded_on": isDate, "date": isDate, "value_date": isDate,
	"amount": isAmount, "paid": isAmount, "open": isAmount, "net": isAmount, "tax": isAmount,
	"debit": isAmount, "credit": isAmount, "line_total": isAmount, "quantity": isAmount,
	"unit_price": isAmount, "tax_rate": isAmount, "limit": isAmount,
	"balance": isAmount, "fee": isAmount,
}

// titles gives, for each kind and field, the folded headers (see fold) by which programs call it,
// the surest first. A title may stand under several fields: the surer place wins.
var titles = map[Kind]map[string][]string{
	Invoices: {
		"number": {"numero facture", "no facture", "n facture", "num facture", "facture no", "facture n", "facture numero",
			"invoice number", "invoice no", "invoice num", "invoice id", "numero document", "n document", "no document", "num document",
			"document number", "document no", "numero piece", "n piece", "no piece", "num piece", "ref facture", "reference facture",
			"invoice ref", "invoice reference", "invoice", "facture", "piece", "document", "numero", "num", "no", "n", "number", "name",
			"code facture", "factures", "reference document", "piece ref", "ref piece", "reference piece", "reference interne", "ref interne", "reference", "ref", "doc number"},
		"kind": {"type facture", "type document", "type piece", "invoice type", "document type", "transaction type", "move type",
			"nature piece", "nature document", "type", "nature", "kind"},
		"issued": {"date facture", "date facturation", "date emission", "date emission facture", "invoice date", "invoice bill date", "bill date", "issue date", "issued on",
			"issue", "emise", "emis", "emission", "date document", "date piece", "document date", "date creation", "date comptable", "date ecriture", "date comptabilisation",
			"piece date", "transaction date", "accounting date", "date operation", "dt facture", "date"},
		"due": {"date echeance", "echeance", "date echeance facture", "due date", "invoice due date", "invoice date due", "date due", "due on", "payment due date", "date limite reglement",
			"date limite paiement", "payable avant", "a payer avant", "echeance paiement", "echeance reglement", "date reglement prevue", "date exigibilite", "dt echeance",
			"date maturity", "date paiement prevue", "date butoir", "echu", "payable"},
		"amount": {"montant ttc", "total ttc", "montant total ttc", "montant facture ttc", "ttc", "montant facture", "total facture", "amount incl tax", "total incl tax",
			"total including tax", "amount including tax", "gross amount", "gross total", "invoice amount", "invoice total", "amount total signed", "amount total", "total amount", "total signed", "total signe",
			"total currency signed", "total devise signe", "montant total", "montant original", "montant origine", "montant initial", "original amount", "prix ttc", "net payer", "montant payer", "montant net payer",
			"montant echeance", "montant", "total", "amount", "somme", "montant devise", "montant document", "montant piece"},
		"net": {"montant ht", "total ht", "montant total ht", "ht", "amount excl tax", "total excl tax", "total excluding tax", "subtotal", "net amount", "untaxed amount",
			"amount untaxed signed", "amount untaxed", "montant hors taxes", "montant hors taxe", "untaxed amount signed", "montant hors taxes signe"},
		"tax":      {"montant tva", "total tva", "tva", "vat amount", "tax amount", "tax", "amount tax", "total tax", "taxes"},
		"currency": {"devise", "code devise", "currency code", "currency", "monnaie", "devises", "invoice currency"},
		"customer": {"code client", "code tiers", "compte tiers", "numero client", "n client", "no client", "num client", "ref client", "reference client", "id client", "identifiant client",
			"customer code", "customer id", "customer number", "customer no", "client code", "client id", "account code", "compte client", "compte auxiliaire", "auxiliaire", "code auxiliaire", "compaux num", "compauxnum",
			"compte", "n compte", "numero compte", "partner ref", "id societe", "client", "customer", "tiers", "debiteur", "partenaire", "partner", "partner id", "account", "account number"},
		"customer_name": {"nom client", "raison sociale client", "raison sociale", "nom societe", "societe", "nom tiers", "intitule tiers", "intitule client", "intitule", "libelle tiers", "libelle auxiliaire", "libelle client", "denomination", "denomination sociale",
			"customer name", "client name", "customer full name", "company name", "company", "invoice partner display name", "nom affichage partenaire facture", "partenaire nom", "nom partenaire", "partner name", "nom complet client",
			"libelle compte", "compauxlib", "entreprise", "nom", "name", "client", "customer", "tiers", "partner", "partenaire", "debiteur", "acheteur", "organisation", "client facture", "destinataire"},
		"paid": {"montant paye", "montant regle", "deja regle", "deja paye", "total paye", "total regle", "paye ttc", "regle ttc", "amount paid", "paid amount", "total paid", "montant encaisse", "encaisse", "reglements recus",
			"acompte verse", "acomptes", "acompte", "paye", "regle", "paid", "payments", "reglements"},
		"open": {"reste payer", "reste du", "restant du", "restant payer", "montant restant", "montant restant du", "montant du", "montant dû signe", "reste regler", "reste encaisser", "solde du", "solde facture", "solde restant", "solde restant du", "amount due", "amount due signed",
			"amount residual", "amount residual signed", "residual", "balance due", "open balance", "open amount", "outstanding", "outstanding amount", "remaining amount", "amount remaining", "remaining", "unpaid amount", "montant impaye", "impaye", "montant non regle", "encours", "solde progressif ligne",
			"solde", "balance", "du", "restant", "reste", "non regle", "solde ttc"},
		"debit":      {"debit", "montant debit", "debits", "debit eur", "debit amount"},
		"credit":     {"credit", "montant credit", "credits", "credit eur", "credit amount"},
		"status":     {"statut paiement", "etat paiement", "payment status", "payment state", "statut reglement", "etat reglement", "invoice status", "statut facture", "etat facture", "statut", "etat", "status", "state", "reglee", "payee", "soldee"},
		"settled_on": {"date paiement", "date reglement", "date encaissement", "payment date", "paid on", "date paid", "payee", "regle", "settlement date", "settled on", "date dernier paiement", "date dernier reglement", "date solde", "last payment date"},
		"reference":  {"votre reference", "reference paiement", "payment reference", "payment ref", "communication", "reference client facture", "your reference", "customer reference", "objet", "reference", "ref"},
		"label":      {"libelle", "libelle ecriture", "description", "label", "designation", "memo", "ecriturelib", "objet facture"},
		"journal":    {"journal", "code journal", "journal code", "jnl", "journalcode"},
		"order": {"numero commande", "n commande", "no commande", "commande", "bon commande", "ref commande", "reference commande", "numero engagement", "n engagement", "engagement", "order number", "purchase order", "po number", "po",
			"order", "source", "origine", "invoice origin", "document origine", "source document"},
		"received":         {"date reception", "date reception facture", "receipt date", "received on", "recue", "recu"},
		"delivered":        {"date livraison", "delivery date", "delivered on", "livree", "date prestation", "date execution"},
		"payment_method":   {"mode reglement", "mode paiement", "moyen paiement", "moyen reglement", "mode regl", "payment method", "payment mode", "payment type", "type reglement", "type paiement", "reglement", "methode paiement"},
		"maturity":         {"date effet", "echeance effet", "date prelevement", "echeance traite", "bill date maturity", "maturity date", "maturity"},
		"disputed":         {"litige", "en litige", "conteste", "contestee", "montant litige", "montant conteste", "disputed amount", "dispute", "disputed", "facture contestee"},
		"last_level":       {"niveau relance", "niveau", "derniere relance niveau", "nombre relances", "nb relances", "relances", "reminder level", "dunning level", "last reminder level", "level", "niveau derniere relance"},
		"last_reminded_on": {"date derniere relance", "derniere relance", "date relance", "relance", "relancee", "last reminder date", "last reminder", "reminded on", "last dunning date"},
		"pay_url":          {"lien paiement", "url paiement", "payment link", "payment url", "pay link", "lien"},
		"tags":             {"etiquettes", "etiquette", "tag", "labels", "mots cles", "libelles", "categorie"},
		"file":             {"fichier", "nom fichier", "pdf", "file name", "filename", "document pdf", "fichier pdf", "piece jointe"},
		"terms":            {"conditions reglement", "condition reglement", "conditions paiement", "condition paiement", "delai paiement", "payment terms", "terms", "delai reglement"},
		"quantity":         {"quantite", "qte", "quantity", "qty", "nombre", "qte facturee"},
		"unit_price":       {"prix unitaire ht", "pu ht", "prix unitaire", "unit price", "price unit", "pu", "prix ht", "unit price excl tax", "price"},
		"tax_rate":         {"taux tva", "taux taxe", "vat rate", "tax rate", "tva pourcent", "taux"},
		"line_total":       {"total ligne ttc", "montant ligne ttc", "montant ligne", "total ligne", "line total", "line amount", "price total", "total ttc ligne", "prix total ttc"},
		"email":            {"email", "e mail", "mail", "courriel", "adresse mail", "adresse email", "email client", "customer email", "adresse e mail", "email facturation"},
		"phone":            {"telephone", "tel", "phone", "portable", "mobile", "telephone client", "tel client", "phone number"},
		"siren":            {"siren", "numero siren", "n siren", "no siren"},
		"siret":            {"siret", "numero siret", "n siret", "no siret", "siret client"},
		"vat":              {"tva intracommunautaire", "numero tva", "n tva", "no tva", "vat number", "vat id", "tax id", "tva intra", "n tva intracommunautaire", "numero tva intracommunautaire", "no tva intracommunautaire"},
		"address":          {"adresse", "adresse client", "adresse facturation", "address", "billing address", "rue", "street", "adresse 1"},
		"postcode":         {"code postal", "cp", "postcode", "postal code", "zip", "zip code"},
		"city":             {"ville", "city", "commune", "town"},
		"country":          {"pays", "country", "code pays", "country code"},
	},
	Customers: {
		"code": {"code client", "code tiers", "numero client", "n client", "no client", "num client", "compte tiers", "code", "customer code", "customer id", "customer number", "client id", "id client", "client code", "compte auxiliaire",
			"auxiliaire", "ref client", "reference client", "identifiant client", "identifiant", "compte", "numero compte", "n compte", "reference", "ref", "id", "customer", "account number", "numero"},
		"name": {"nom client", "raison sociale", "nom", "intitule", "nom societe", "societe", "denomination", "customer name", "company name", "company", "name", "client", "nom tiers", "tiers", "display name", "nom affichage", "customer",
			"libelle", "entreprise", "nom complet", "full name", "nom usuel", "organisation"},
		"kind":               {"type client", "nature client", "customer type", "categorie client", "type tiers", "type", "kind", "nature", "b2b b2c", "categorie juridique"},
		"siren":              {"siren", "numero siren", "n siren", "no siren"},
		"siret":              {"siret", "numero siret", "n siret", "no siret", "code siret"},
		"vat":                {"tva intracommunautaire", "numero tva", "n tva", "no tva", "numero tva intracommunautaire", "n tva intracommunautaire", "no tva intracommunautaire", "vat number", "vat id", "vat", "tax id", "tva intra", "tva", "identifiant tva", "n identification fiscale"},
		"legal_name":         {"raison sociale legale", "denomination sociale", "legal name", "nom legal", "denomination legale", "raison sociale"},
		"address":            {"adresse", "adresse 1", "adresse ligne 1", "adresse facturation", "address", "address line 1", "address 1", "billing address", "street", "rue", "voie", "adresse postale"},
		"address_2":          {"adresse 2", "complement adresse", "complement", "adresse ligne 2", "address 2", "address line 2", "street2", "street 2", "rue 2", "adresse complement"},
		"address_3":          {"adresse 3", "adresse ligne 3", "address 3", "address line 3"},
		"postcode":           {"code postal", "cp", "postcode", "postal code", "zip", "zip code"},
		"city":               {"ville", "city", "commune", "town"},
		"country":            {"pays", "country", "code pays", "country code"},
		"registered_address": {"siege social", "adresse siege", "adresse siege social", "registered address", "registered office"},
		"language":           {"langue", "language", "lang", "code langue"},
		"scenario":           {"scenario", "scenario relance", "profil relance", "plan relance", "dunning profile", "modele relance"},
		"terms":              {"conditions reglement", "condition reglement", "conditions paiement", "condition paiement", "delai paiement", "delai reglement", "payment terms", "terms", "echeance", "delai", "conditions paiement client"},
		"payment_method":     {"mode reglement", "mode paiement", "moyen paiement", "payment method", "payment mode", "moyen reglement"},
		"parent":             {"societe mere", "maison mere", "client parent", "groupe", "parent", "parent company", "tiers parent"},
		"payer":              {"tiers payeur", "payeur", "payer", "client payeur"},
		"collector":          {"charge recouvrement", "gestionnaire", "charge relance", "collector", "collaborateur"},
		"salesperson":        {"commercial", "representant", "vendeur", "salesperson", "sales rep", "responsable commercial", "account manager"},
		"limit":              {"encours autorise", "encours maximum", "encours max", "plafond encours", "plafond", "limite credit", "credit limit", "limit", "encours autorise maximum"},
		"tags":               {"etiquettes", "etiquette", "tags", "tag", "categorie", "categories", "labels", "famille"},
		"email":              {"email", "e mail", "mail", "courriel", "adresse mail", "adresse email", "email facturation", "adresse e mail", "email address"},
		"phone":              {"telephone", "tel", "phone", "telephone 1", "telephone fixe", "phone number", "mobile", "portable"},
		"service_code":       {"code service", "service code", "code service chorus", "service executant"},
		"first_name":         {"prenom", "first name"},
		"account":            {"compte collectif", "compte comptable", "compte general", "accounting account"},
	},
	Contacts: {
		"customer":      {"code client", "code tiers", "numero client", "n client", "no client", "compte tiers", "customer code", "customer id", "client id", "id client", "client", "customer", "tiers", "societe", "company", "entreprise", "raison sociale", "company name", "parent"},
		"customer_name": {"nom client", "raison sociale", "nom societe", "societe", "customer name", "company name", "company", "entreprise", "client", "customer"},
		"name":          {"nom contact", "contact", "nom complet", "full name", "nom prenom", "prenom nom", "interlocuteur", "contact name", "nom", "name", "last name", "nom famille"},
		"first_name":    {"prenom", "first name", "prenom contact"},
		"role":          {"role", "fonction", "poste", "service", "job title", "title", "job position", "qualite", "departement", "type contact", "function"},
		"email":         {"email", "e mail", "mail", "courriel", "adresse mail", "adresse email", "adresse e mail", "email contact", "email address"},
		"phone":         {"telephone", "tel", "phone", "telephone fixe", "ligne directe", "phone number", "telephone contact"},
		"mobile":        {"mobile", "portable", "telephone portable", "mobile phone", "gsm"},
	},
	Payments: {
		"customer": {"code client", "code tiers", "compte tiers", "numero client", "n client", "no client", "customer code", "customer id", "client id", "auxiliaire", "compte auxiliaire", "compte client", "client", "customer", "tiers", "payeur", "debiteur",
			"partenaire", "partner", "compte", "account"},
		"customer_name": {"nom client", "raison sociale", "nom tiers", "intitule", "customer name", "client name", "partner name", "societe", "nom", "client", "customer", "tiers", "payer", "company"},
		"date": {"date paiement", "date reglement", "date encaissement", "payment date", "paid on", "date valeur", "value date", "date operation", "date piece", "date ecriture", "date comptable", "date reception", "date",
			"transaction date", "settled on"},
		"amount": {"montant regle", "montant paye", "montant encaisse", "montant reglement", "montant paiement", "amount paid", "paid amount", "payment amount", "prix ttc", "montant ttc", "montant", "amount", "total", "somme", "encaissement", "regle", "paye", "paid"},
		"debit":  {"debit", "montant debit"}, "credit": {"credit", "montant credit"},
		"currency": {"devise", "code devise", "currency code", "currency", "monnaie"},
		"invoice": {"numero facture", "n facture", "no facture", "num facture", "facture", "invoice number", "invoice no", "invoice", "ref facture", "reference facture", "facture reglee", "factures", "invoices", "invoice ref", "document",
			"numero document", "piece lettree"},
		"reference": {"reference", "ref", "reference reglement", "reference paiement", "payment reference", "numero cheque", "n cheque", "no cheque", "numero piece", "n piece", "piece", "communication", "memo", "numero reglement"},
		"label":     {"libelle", "libelle ecriture", "description", "label", "commentaire", "objet"},
		"method":    {"mode reglement", "mode paiement", "moyen paiement", "moyen reglement", "payment method", "method", "mode", "type reglement", "type paiement", "payment mode", "payment type", "moyen"},
	},
	Bank: bankTitles,
}
