package i18n

// bankMessages say what is wrong with a bank file.
var bankMessages = Messages{
	"bank.camt.empty":         {FR: "ce fichier XML ne contient aucun relevé CAMT (ni camt.052, ni camt.053, ni camt.054)", EN: "this XML file holds no CAMT statement (neither camt.052, camt.053 nor camt.054)"},
	"bank.camt.side":          {FR: "sens inconnu : CRDT (crédit) ou DBIT (débit) attendu", EN: "unknown side: CRDT (credit) or DBIT (debit) expected"},
	"bank.pending":            {FR: "%v écritures non comptabilisées par la banque, laissées de côté", EN: "%v entries not booked by the bank yet, left out", FROne: "%v écriture non comptabilisée par la banque, laissée de côté", ENOne: "%v entry not booked by the bank yet, left out"},
	"bank.balance.currency":   {FR: "solde dans une autre devise que le compte (%s), laissé de côté", EN: "balance in another currency than the account's (%s), left out"},
	"bank.balance.unreadable": {FR: "solde illisible, laissé de côté", EN: "balance not readable, left out"},
	"bank.date.missing":       {FR: "écriture sans date d’opération ni date de valeur", EN: "entry without a booking date or a value date"},
	"bank.batch.differs":      {FR: "écriture groupée : les %[1]v opérations détaillées ne totalisent pas son montant (%[2]s) ; elle est lue comme une seule ligne", EN: "batch: the %[1]v transactions below it do not add up to its amount (%[2]s); it is read as one line"},
	"bank.batch.single":       {FR: "le détail de l’opération indique un autre montant ; celui de l’écriture est retenu (%s)", EN: "the details of the transaction say another amount; the entry's is taken (%s)"},
	"bank.ofx.not":            {FR: "ce fichier n’est pas un relevé OFX", EN: "this file is not an OFX statement"},
	"bank.ofx.empty":          {FR: "ce fichier OFX ne contient aucun relevé de compte", EN: "this OFX file holds no statement of an account"},
	"bank.ofx.cut":            {FR: "fichier OFX tronqué : il s’arrête à la ligne %v, avant sa fin", EN: "truncated OFX file: it stops at line %v, before its end"},
	"bank.ofx.corrects":       {FR: "ce mouvement en corrige un autre, déjà transmis par la banque", EN: "this movement corrects another one that the bank sent before"},
	"bank.format.unknown":     {FR: "format de relevé bancaire inconnu : %s", EN: "unknown format of bank statement: %s"},
}
