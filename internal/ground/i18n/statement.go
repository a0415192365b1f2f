package i18n

// statementMessages say what is wrong with a statement of fixed lines or of columns.
var statementMessages = Messages{
	"statement.many":           {FR: "trop de relevés dans un fichier (%v au plus)", EN: "too many statements in one file (at most %v)"},
	"statement.entries":        {FR: "trop de mouvements dans un fichier (%v au plus)", EN: "too many movements in one file (at most %v)"},
	"statement.currency":       {FR: "mouvement d'une autre devise que celle du relevé (%s), laissé de côté", EN: "movement in another currency than the statement's (%s), left out"},
	"statement.cfonb.not":      {FR: "ce fichier n'est pas un relevé CFONB 120 (aucun enregistrement 01, 04, 05 ou 07)", EN: "this is not a CFONB 120 statement (no record 01, 04, 05 or 07)"},
	"statement.cfonb.record":   {FR: "enregistrement inconnu « %s » : 01, 04, 05 ou 07 attendu", EN: "unknown record “%s”: 01, 04, 05 or 07 expected"},
	"statement.cfonb.outside":  {FR: "mouvement hors relevé : aucun ancien solde (01) n'ouvre ce compte", EN: "movement outside a statement: no old balance (01) opens this account"},
	"statement.cfonb.closing":  {FR: "nouveau solde sans ancien solde : aucun relevé de ce compte n'est ouvert", EN: "new balance without an old one: no statement of this account is open"},
	"statement.cfonb.unclosed": {FR: "relevé sans nouveau solde (07)", EN: "statement without a new balance (07)"},
	"statement.cfonb.detail":   {FR: "complément (05) sans mouvement (04)", EN: "detail (05) without a movement (04)"},
	"statement.cfonb.details":  {FR: "plus de %v compléments (05) pour un mouvement : les suivants sont ignorés", EN: "more than %v details (05) for one movement: the others are left out"},
	"statement.cfonb.bank":     {FR: "autre code banque que celui du relevé (%s), lu comme le même compte", EN: "another bank code than the statement's (%s), read as the same account"},
	"format.table.no-label":    {FR: "aucune colonne pour le libellé", EN: "no column for the label"},
	"statement.table.side":     {FR: "sens inconnu (débit ou crédit attendu)", EN: "unknown side (debit or credit expected)"},
	"statement.table.pending":  {FR: "%v opérations non comptabilisées (en attente, refusées ou annulées), laissées de côté", EN: "%v operations not booked (pending, declined or cancelled), left out", FROne: "%v opération non comptabilisée (en attente, refusée ou annulée), laissée de côté", ENOne: "%v operation not booked (pending, declined or cancelled), left out"},
	"statement.table.balance":  {FR: "la colonne des soldes ne suit pas les mouvements : elle est ignorée", EN: "the column of balances does not follow from the movements: it is left out"},
	"statement.mt940.not":      {FR: "ce fichier n'est pas un relevé MT940 (aucun champ :20:, :25:, :60: ou :61:)", EN: "this is not an MT940 statement (no field :20:, :25:, :60: or :61:)"},
	"statement.mt940.outside":  {FR: "mouvement (:61:) hors de tout message : ni compte ni solde", EN: "movement (:61:) outside any message: neither account nor balance"},
	"statement.mt940.side":     {FR: "sens du mouvement inconnu (C, D, RC ou RD attendu) : « %s »", EN: "unknown side of the movement (C, D, RC or RD expected): “%s”"},
	"statement.mt940.february": {FR: "jour inexistant en février, lu au %s", EN: "no such day in February, read as %s"},
	"statement.mt940.chain":    {FR: "le solde intermédiaire ne reprend pas celui du message précédent (%s)", EN: "the intermediate balance is not that of the message before (%s)"},
}
