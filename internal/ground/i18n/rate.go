package i18n

// rateMessages speak of late payment interest: refusals, warnings, and the calculator's answer.
var rateMessages = Messages{
	"RATE_NOT_LOADED": {FR: "le taux du semestre %s n’est pas chargé : aucun calcul n’est possible sur cette période", EN: "the rate of half-year %s is not loaded: nothing can be computed on that period"},
	"rate.unreadable": {FR: "taux illisible : « %s » ; écrivez 12.15, 3xlegal ou ecb+10", EN: "not a readable rate: “%s”; write 12.15, 3xlegal or ecb+10"},
	"rate.debts":      {FR: "un calcul porte sur une créance au moins et %d au plus, avec autant de règlements au plus", EN: "a computation bears on one debt at least and %d at most, with as many payments at most"},
	"rate.amount":     {FR: "les montants sont positifs et bornés", EN: "amounts are positive and bounded"},
	"rate.date":       {FR: "une date manque : échéance, réception de la demande de paiement, règlement ou date du calcul", EN: "a date is missing: due date, receipt of the payment request, payment or day of the computation"},
	"rate.span":       {FR: "période illisible : du « %s » au « %s »", EN: "not a period: from “%s” to “%s”"},
	"rate.bounds":     {FR: "calcul hors limites : montant, durée ou capitalisation démesurés", EN: "computation out of bounds: amount, length or capitalisation beyond measure"},
	"rate.suspension": {FR: "ce délai n’a pas pu être suspendu à ces dates", EN: "this delay cannot have been suspended on those dates"},

	"calc.penalty.kind":       {FR: "nature de débiteur inconnue : « %s » ; connues : %s", EN: "unknown kind of debtor: “%s”; known: %s"},
	"calc.penalty.payment":    {FR: "règlement illisible : « %s » ; écrivez 2026-03-31=4000.00, ou 2026-03-31=4000.00@FACTURE", EN: "not a readable payment: “%s”; write 2026-03-31=4000.00, or 2026-03-31=4000.00@INVOICE"},
	"calc.penalty.debt":       {FR: "créance illisible : « %s » ; écrivez FACTURE=1200.00@2026-04-30", EN: "not a readable debt: “%s”; write INVOICE=1200.00@2026-04-30"},
	"calc.penalty.one-or-all": {FR: "donnez --amount et --due, ou des --debt, pas les deux", EN: "give either --amount and --due, or --debt, not both"},
	"calc.penalty.no-amount":  {FR: "il manque --amount, ou au moins un --debt", EN: "--amount is missing, or at least one --debt"},
	"calc.penalty.grace":      {FR: "délai illisible : « %s » ; écrivez 2026-05-01/2026-06-30", EN: "not a readable period: “%s”; write 2026-05-01/2026-06-30"},

	"calc.penalty.principal":    {FR: "principal restant dû : %s", EN: "principal left: %s"},
	"calc.penalty.interest":     {FR: "pénalités de retard : %s", EN: "late payment interest: %s"},
	"calc.penalty.interest.law": {FR: "intérêts au taux légal : %s", EN: "interest at the legal rate: %s"},
	"calc.penalty.interest.pub": {FR: "intérêts moratoires : %s", EN: "statutory late payment interest: %s"},
	"calc.penalty.paid":         {FR: "dont déjà réglées : %s", EN: "of which already paid: %s"},
	"calc.penalty.compensation": {FR: "indemnité forfaitaire pour frais de recouvrement : %s", EN: "fixed recovery charge: %s"},
	"calc.penalty.total":        {FR: "total : %s", EN: "total: %s"},
	"calc.penalty.segment":      {FR: "  du %s au %s : %d jours à %s sur %s = %s", FROne: "  du %s au %s : %d jour à %s sur %s = %s", EN: "  from %s to %s: %d days at %s on %s = %s", ENOne: "  from %s to %s: %d day at %s on %s = %s"},
	"calc.penalty.left":         {FR: "  %s : principal %s, intérêts %s", EN: "  %s: principal %s, interest %s"},
	"calc.penalty.method":       {FR: "(jours exacts sur 365, arrondi une seule fois au centime ; jour du règlement compté)", EN: "(actual days over 365, rounded once to the cent; the day of payment counts)"},
	"calc.penalty.method.act":   {FR: "(jours exacts sur 365, ou 366 les années bissextiles, arrondi une seule fois au centime ; jour du règlement compté)", EN: "(actual days over 365, or 366 in leap years, rounded once to the cent; the day of payment counts)"},

	"calc.warning.RATE_BELOW_LEGAL_FLOOR":   {FR: "attention : taux inférieur à trois fois le taux légal, clause illicite (C. com. L441-10 II)", EN: "warning: the rate is below three times the legal rate, an unlawful clause (C. com. L441-10 II)"},
	"calc.warning.LEGAL_FLOOR_NOT_LOADED":   {FR: "attention : le taux légal d’une période n’est pas chargé, le plancher n’a pas été vérifié", EN: "warning: the legal rate of a period is not loaded, the floor was not checked"},
	"calc.warning.RATE_NOT_APPLICABLE":      {FR: "attention : le taux donné ne s’applique pas à cette nature de débiteur, le taux de la loi a été retenu", EN: "warning: the rate given does not apply to this kind of debtor, the law’s rate was used"},
	"calc.warning.KIND_UNKNOWN":             {FR: "attention : débiteur à qualifier, rien ne peut être réclamé", EN: "warning: the debtor must be qualified, nothing can be claimed"},
	"calc.warning.NOTICE_MISSING":           {FR: "attention : les intérêts ne courent qu’à compter d’une mise en demeure (--notice)", EN: "warning: interest runs from a formal notice only (--notice)"},
	"calc.warning.FOREIGN_LAW_NOT_LOADED":   {FR: "attention : droit étranger non chargé ; sans taux contractuel (--rate), rien n’est calculé", EN: "warning: foreign law is not loaded; without a contract rate (--rate) nothing is computed"},
	"calc.warning.PAYMENT_AFTER_UNTIL":      {FR: "attention : un règlement postérieur à la date du calcul n’est pas compté", EN: "warning: a payment after the day of the computation is left out"},
	"calc.warning.OVERPAID":                 {FR: "attention : les règlements dépassent le principal et les intérêts", EN: "warning: payments exceed principal and interest"},
	"calc.warning.PAYMENT_FOR_UNKNOWN_DEBT": {FR: "attention : un règlement désigne une créance absente du calcul", EN: "warning: a payment designates a debt that is not in the computation"},

	"calc.identifier.valid":   {FR: "valide : %s", EN: "valid: %s"},
	"calc.identifier.invalid": {FR: "non valide : %s", EN: "not valid: %s"},
	"calc.identifier.parts":   {FR: "un IBAN français se fait de trois valeurs : banque (5), guichet (5), compte (11)", EN: "a French IBAN is made of three values: bank (5), branch (5), account (11)"},
	"calc.identifier.one":     {FR: "une seule valeur est attendue", EN: "one value is expected"},
}
