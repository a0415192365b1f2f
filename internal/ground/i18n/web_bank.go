package i18n

// webBank are the desk's pages of money in: the bank's lines, payments, credits, what comes back.
var webBank = Messages{
	"web.bank":           {FR: "Banque", EN: "Bank"},
	"web.bank.sub":       {FR: "%d lignes attendent une réponse", FROne: "%d ligne attend une réponse", EN: "%d lines await an answer", ENOne: "%d line awaits an answer"},
	"web.bank.empty.sub": {FR: "Les règlements reçus, tels que la banque les annonce", EN: "The payments received, as the bank tells them"},
	"web.bank.empty":     {FR: "Importez un relevé : ce qui est certain est imputé aussitôt, le reste vous est proposé ici.", EN: "Import a statement: what is certain is allocated at once, the rest is proposed here."},
	"web.bank.drop":      {FR: "Déposez un relevé bancaire", EN: "Drop a bank statement"},
	"web.bank.formats":   {FR: "CFONB, CAMT, OFX, MT940, CSV ou XLSX. Le même relevé deux fois n’ajoute rien.", EN: "CFONB, CAMT, OFX, MT940, CSV or XLSX. The same statement twice adds nothing."},
	"web.bank.match":     {FR: "Chercher à nouveau", EN: "Look again"},
	"web.bank.matched":   {FR: "%d lignes imputées. Il en reste %s à traiter.", FROne: "%d ligne imputée. Il en reste %s à traiter.", EN: "%d lines allocated. %s are left to answer.", ENOne: "%d line allocated. %s are left to answer."},

	"web.bank.tab.todo": {FR: "À traiter", EN: "To answer"}, "web.bank.tab.applied": {FR: "Imputées", EN: "Allocated"}, "web.bank.tab.aside": {FR: "De côté", EN: "Set aside"}, "web.bank.tab.statements": {FR: "Relevés", EN: "Statements"},
	"web.bank.none.todo": {FR: "Rien à traiter", EN: "Nothing to answer"}, "web.bank.none.todo.help": {FR: "Toutes les lignes des relevés ont trouvé leur facture.", EN: "Every line of the statements has found its invoice."},
	"web.bank.none.applied": {FR: "Aucune ligne imputée", EN: "No line allocated"}, "web.bank.none.applied.help": {FR: "Les règlements reconnus apparaîtront ici.", EN: "Recognised payments will show here."},
	"web.bank.none.aside": {FR: "Rien de côté", EN: "Nothing set aside"}, "web.bank.none.aside.help": {FR: "Ce qui n’est le règlement d’aucun client attend ici.", EN: "What is no customer’s payment rests here."},
	"web.bank.none.statements": {FR: "Aucun relevé", EN: "No statement"},

	"web.bank.said": {FR: "Ce que dit la banque", EN: "What the bank says"}, "web.bank.settles": {FR: "Solde", EN: "Settles"}, "web.bank.by": {FR: "Par", EN: "By"}, "web.bank.nobody": {FR: "Donneur d’ordre inconnu", EN: "Unknown payer"},
	"web.bank.for": {FR: "pour le compte de %s", EN: "on behalf of %s"}, "web.bank.part": {FR: "opération %d sur %d d’une remise", EN: "transaction %d of %d of a batch"}, "web.bank.auto": {FR: "imputée d’elle-même", EN: "by itself"}, "web.bank.person": {FR: "par %s", EN: "by %s"},
	"web.bank.returns": {FR: "règlement revenu impayé", EN: "payment that came back unpaid"}, "web.bank.came-back": {FR: "Revenu impayé", EN: "Came back unpaid"}, "web.bank.on-credit": {FR: "au crédit du client", EN: "to the customer’s credit"},
	"web.bank.discount": {FR: "escompte %s", EN: "discount %s"}, "web.bank.charges": {FR: "frais de banque %s", EN: "bank charges %s"}, "web.bank.rounding": {FR: "arrondi %s", EN: "rounding %s"},

	"web.bank.sure": {FR: "Très probable", EN: "Very likely"}, "web.bank.likely": {FR: "Probable", EN: "Likely"}, "web.bank.maybe": {FR: "Possible", EN: "Possible"}, "web.bank.several": {FR: "Plusieurs clients", EN: "Several customers"},
	"web.bank.same": {FR: "Ce règlement est déjà enregistré : rien de plus n’est soldé.", EN: "This payment is recorded already: nothing more is settled."}, "web.bank.because": {FR: "Parce que : %s.", EN: "Because: %s."},
	"web.bank.rest": {FR: "Le reste, %s, au crédit du client", EN: "The rest, %s, to the customer’s credit"}, "web.bank.all-credit": {FR: "%s au crédit du client", EN: "%s to the customer’s credit"},
	"web.bank.unknown": {FR: "Aucune facture ne correspond : dites de qui vient ce règlement.", EN: "No invoice fits: say who this payment is from."},
	"web.bank.others":  {FR: "%d autres lectures", FROne: "%d autre lecture", EN: "%d other readings", ENOne: "%d other reading"},
	"web.bank.settle":  {FR: "Imputer", EN: "Allocate"}, "web.bank.attach": {FR: "C’est le même", EN: "It is the same"}, "web.bank.other": {FR: "Autre…", EN: "Other…"}, "web.bank.aside": {FR: "Mettre de côté", EN: "Set aside"}, "web.bank.aside.hint": {FR: "Loyer, subvention, virement interne…", EN: "Rent, grant, internal transfer…"},
	"web.bank.which": {FR: "Quel règlement est revenu ?", EN: "Which payment came back?"}, "web.bank.which.none": {FR: "Aucun règlement enregistré n’a ce montant.", EN: "No recorded payment has this amount."}, "web.bank.this-one": {FR: "C’est celui-ci", EN: "This one"},
	"web.bank.reopen": {FR: "Rouvrir", EN: "Re-open"}, "web.bank.reopen.help": {FR: "Ce qu’elle soldait est de nouveau dû, là où en étaient les relances.", EN: "What it settled is owed again, where the reminders stood."},
	"web.bank.settled": {FR: "Ligne imputée.", EN: "Line allocated."}, "web.bank.set-aside": {FR: "Ligne mise de côté.", EN: "Line set aside."}, "web.bank.reopened": {FR: "Ligne rouverte : elle attend une réponse.", EN: "Line re-opened: it awaits an answer."}, "web.bank.returned": {FR: "Règlement revenu impayé : la facture est de nouveau due, un appel est à faire.", EN: "Payment came back unpaid: the invoice is owed again, a call is to be made."},

	"web.bank.account": {FR: "Compte", EN: "Account"}, "web.bank.days": {FR: "Période", EN: "Days"}, "web.bank.from-to": {FR: "du %s au %s", EN: "%s to %s"}, "web.bank.opening": {FR: "Solde initial", EN: "Opening balance"}, "web.bank.moved": {FR: "Mouvements", EN: "Movements"}, "web.bank.closing": {FR: "Solde final", EN: "Closing balance"}, "web.bank.check": {FR: "Contrôle", EN: "Check"},
	"web.n.movements": {FR: "%d mouvements", FROne: "%d mouvement", EN: "%d movements", ENOne: "%d movement"},
	"web.bank.agrees": {FR: "Soldes concordants", EN: "Balances agree"}, "web.bank.break": {FR: "Écart de %s", EN: "Differs by %s"}, "web.bank.unchecked": {FR: "Soldes non fournis", EN: "No balances given"},

	"web.bank.line": {FR: "Ligne du %s", EN: "Line of %s"}, "web.bank.state.open": {FR: "À traiter", EN: "To answer"}, "web.bank.state.settled": {FR: "Imputée", EN: "Allocated"}, "web.bank.state.aside": {FR: "De côté", EN: "Set aside"},
	"web.bank.other.title": {FR: "Dire ce qu’elle règle", EN: "Say what it pays"}, "web.bank.other.again": {FR: "L’imputer autrement", EN: "Allocate it otherwise"}, "web.bank.who": {FR: "De qui ?", EN: "From whom?"}, "web.bank.find": {FR: "Chercher", EN: "Search"}, "web.bank.find.none": {FR: "Aucun client ne s’appelle « %s » : cherchez un autre mot ou un code.", EN: "No customer is called “%s”: search another word or a code."},
	"web.bank.more": {FR: "Ce règlement dépasse de %s ce que doit ce client : le reste sera un crédit.", EN: "This payment exceeds what this customer owes by %s: the rest will be a credit."}, "web.bank.owes-nothing": {FR: "Ce client ne doit rien dans cette devise : le règlement sera un crédit.", EN: "This customer owes nothing in this currency: the payment will be a credit."},
	"web.bank.booked": {FR: "Comptabilisée le", EN: "Booked"}, "web.bank.value": {FR: "Date de valeur", EN: "Value date"}, "web.bank.payer": {FR: "Contrepartie", EN: "Other party"}, "web.bank.structured": {FR: "Référence structurée", EN: "Creditor reference"}, "web.bank.end-to-end": {FR: "Référence du donneur d’ordre", EN: "Sender’s reference"}, "web.bank.ref": {FR: "Référence de la banque", EN: "Bank’s reference"}, "web.bank.mandate": {FR: "Mandat", EN: "Mandate"}, "web.bank.kept": {FR: "Frais retenus", EN: "Charges kept"}, "web.bank.words": {FR: "Libellé", EN: "Text"},

	"web.bank.import.lines": {FR: "%d lignes, dont %s nouvelles.", FROne: "%d ligne, dont %s nouvelle.", EN: "%d lines, of which %s are new.", ENOne: "%d line, of which %s is new."},
	"web.bank.import.known": {FR: "Toutes les lignes étaient déjà connues : rien ne change.", EN: "Every line was known already: nothing changes."},
	"web.bank.import.lots":  {FR: "Imputées d’elles-mêmes", EN: "Allocated by themselves"}, "web.bank.import.credited": {FR: "Au crédit d’un client", EN: "To a customer’s credit"}, "web.bank.import.proposed": {FR: "À traiter, avec proposition", EN: "To answer, with a proposal"}, "web.bank.import.unknown": {FR: "À traiter, sans proposition", EN: "To answer, with none"}, "web.bank.import.returned": {FR: "Règlements revenus impayés", EN: "Payments that came back"},

	"web.pay.how": {FR: "Imputation", EN: "Allocation"}, "web.pay.law": {FR: "Selon l’ordre légal : les plus anciennes échues d’abord", EN: "By the law’s order: the oldest overdue first"}, "web.pay.parts": {FR: "Sur les factures que j’indique", EN: "On the invoices I name"}, "web.pay.credit": {FR: "En attente, au crédit du client", EN: "On account, to the customer’s credit"},
	"web.pay.settles": {FR: "Règle", EN: "Settles"}, "web.pay.settles.of": {FR: "Montant réglé sur %s", EN: "Amount settled on %s"}, "web.pay.parts.none": {FR: "indiquez un montant sur une facture au moins", EN: "give an amount on one invoice at least"},
}
