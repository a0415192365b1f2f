package i18n

// reportMessages say the figures, the entry of old debts and what late payments bear.
var reportMessages = Messages{
	"cmd.dso.head":           {FR: "Délai moyen de règlement (DSO) au %s, en jours", EN: "Days sales outstanding at %s"},
	"cmd.dso.line":           {FR: "DSO %s ; par épuisement %s ; au mieux %s ; dû aux retards %s", EN: "DSO %s; count-back %s; best possible %s; due to delays %s"},
	"cmd.forecast.head":      {FR: "Encaissements attendus au %s, par semaine", EN: "Money expected at %s, by week"},
	"cmd.forecast.expected":  {FR: "attendu", EN: "expected"},
	"cmd.forecast.promised":  {FR: "dont promis", EN: "of it promised"},
	"cmd.forecast.later":     {FR: "plus tard", EN: "later"},
	"cmd.forecast.uncertain": {FR: "incertain", EN: "uncertain"},
	"cmd.effect.head":        {FR: "Ce que chaque étape a fait rentrer, douze mois au %s, dans les %d jours", EN: "What came in after each step, twelve months to %s, within %d days"},
	"cmd.effect.items":       {FR: "échéances", EN: "items"},
	"cmd.effect.paid":        {FR: "reçu", EN: "received"},
	"cmd.effect.rate":        {FR: "taux", EN: "rate"},
	"cmd.effect.median":      {FR: "jours", EN: "days"},
	"cmd.found.head":         {FR: "%d factures payées en retard depuis cinq ans, au %s : ce qui peut encore être réclamé", FROne: "%d facture payée en retard depuis cinq ans, au %s : ce qui peut encore être réclamé", EN: "%d invoices paid late in five years, at %s: what may still be claimed", ENOne: "%d invoice paid late in five years, at %s: what may still be claimed"},
	"cmd.found.line":         {FR: "%d factures : %s d’intérêts, %s d’indemnités", FROne: "%d facture : %s d’intérêts, %s d’indemnités", EN: "%d invoices: %s of interest, %s of compensation", ENOne: "%d invoice: %s of interest, %s of compensation"},
	"cmd.charge.line":        {FR: "échue le %s, payée le %s (%d j) : %s d’intérêts, %s d’indemnité", EN: "due %s, paid %s (%d days): %s of interest, %s of compensation"},
	"cmd.charge.claimed":     {FR: "note de débit %s", EN: "debit note %s"},
	"cmd.charge.waived":      {FR: "%d factures : intérêts et indemnité abandonnés", FROne: "%d facture : intérêts et indemnité abandonnés", EN: "%d invoices: interest and compensation waived", ENOne: "%d invoice: interest and compensation waived"},
	"cmd.entry.head":         {FR: "%d échéances anciennes, %d clients par jour ouvré", FROne: "%d échéance ancienne, %d clients par jour ouvré", EN: "%d old items, %d customers a working day", ENOne: "%d old item, %d customers a working day"},
	"cmd.entry.line":         {FR: "%d j de retard, %s : entre à « %s » le %s", EN: "%d days late, %s: enters at “%s” on %s"},
	"cmd.entry.accepted":     {FR: "%d échéances sont entrées dans leur scénario", FROne: "%d échéance est entrée dans son scénario", EN: "%d items have entered their scenarios", ENOne: "%d item has entered its scenario"},
}
