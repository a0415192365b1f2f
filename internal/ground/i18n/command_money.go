package i18n

// commandMoney are what the command line says of money in and of what debtors answer.
var commandMoney = Messages{
	"cmd.limit": {FR: "--limit est d’au moins 1", EN: "--limit is at least 1"},

	"cmd.n.lines":               {FR: "%d lignes", FROne: "%d ligne", EN: "%d lines", ENOne: "%d line"},
	"cmd.bank.new":              {FR: "%d nouvelles", FROne: "%d nouvelle", EN: "%d new"},
	"cmd.bank.figures":          {FR: "Relevé : %s, %s", EN: "Statement: %s, %s"},
	"cmd.bank.break":            {FR: "ATTENTION ! Compte %[1]s : solde initial %[2]s + mouvements %[3]s ≠ solde final %[4]s. Écart de %[5]s : il manque des lignes, ou il y en a de trop.", EN: "WARNING! Account %[1]s: opening balance %[2]s + movements %[3]s ≠ closing balance %[4]s. They differ by %[5]s: lines are missing, or there are too many."},
	"cmd.bank.matched":          {FR: "Rapprochement de %s : %s", EN: "Matching of %s: %s"},
	"cmd.bank.matched.applied":  {FR: "%d imputées", FROne: "%d imputée", EN: "%d allocated"},
	"cmd.bank.matched.credited": {FR: "%d au crédit du client", EN: "%d to the customer’s credit"},
	"cmd.bank.matched.proposed": {FR: "%d à décider", EN: "%d to decide"},
	"cmd.bank.matched.unknown":  {FR: "%d inconnues", FROne: "%d inconnue", EN: "%d unknown"},
	"cmd.bank.matched.returned": {FR: "%d règlements revenus impayés", FROne: "%d règlement revenu impayé", EN: "%d payments came back", ENOne: "%d payment came back"},
	"cmd.bank.matched.taken":    {FR: "%d reprises, n’étant plus certaines", FROne: "%d reprise, n’étant plus certaine", EN: "%d taken back, no longer sure"},
	"cmd.bank.matched.nothing":  {FR: "rien de nouveau", EN: "nothing new"},
	"cmd.bank.matched.next":     {FR: "À traiter : relance bank list", EN: "To answer: relance bank list"},
	"cmd.bank.none":             {FR: "aucune ligne", EN: "no line"},
	"cmd.bank.state.open":       {FR: "à traiter", EN: "to answer"},
	"cmd.bank.state.settled":    {FR: "imputée", EN: "allocated"},
	"cmd.bank.state.aside":      {FR: "de côté", EN: "set aside"},
	"cmd.bank.settles":          {FR: "→ %s : %s (par %s)", EN: "→ %s: %s (by %s)"},
	"cmd.bank.proposal":         {FR: "%d. (%d/100) %s : %s — %s", EN: "%d. (%d/100) %s: %s — %s"},
	"cmd.bank.comeback":         {FR: "reprend peut-être le règlement n° %d de %s, du %s : %s", EN: "may take back payment no. %d of %s, of %s: %s"},
	"cmd.bank.same":             {FR: "confirme le règlement n° %d, déjà enregistré", EN: "confirms payment no. %d, already recorded"},
	"cmd.bank.rest":             {FR: "%s, et %s au crédit du client", EN: "%s, and %s to the customer’s credit"},
	"cmd.bank.credit":           {FR: "au crédit du client", EN: "to the customer’s credit"},
	"cmd.bank.which":            {FR: "dites ce que paie la ligne : --proposal, ou --customer, ou --invoice ; --on-account demande un client seul", EN: "say what the line pays: --proposal, or --customer, or --invoice; --on-account asks for a customer alone"},
	"cmd.bank.no-statement":     {FR: "aucun relevé importé", EN: "no statement imported"},
	"cmd.bank.statement":        {FR: "%s  n° %s  du %s au %s : %s", EN: "%s  no. %s  %s to %s: %s"},
}
