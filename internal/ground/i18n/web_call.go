package i18n

// webCall are the desk's pages of what debtors answer: calls, promises, disputes, questions.
var webCall = Messages{
	"web.kindof.statement": {FR: "Relevé de compte", EN: "Statement"}, "web.kindof.thank-you": {FR: "Remerciement", EN: "Thank-you"}, "web.kindof.closing": {FR: "Clôture de la mise en demeure", EN: "Closing letter"}, "web.kindof.withdrawal": {FR: "Lettre de désistement", EN: "Withdrawal of a cheque"},
	"web.kindof.incident": {FR: "Règlement revenu impayé", EN: "Payment returned unpaid"}, "web.kindof.call-report": {FR: "Confirmation d’appel", EN: "Confirmation of a call"}, "web.kindof.plan-notice": {FR: "Rappel d’échéance de plan", EN: "Plan instalment notice"}, "web.kindof.debit-note": {FR: "Note de débit", EN: "Debit note"},
	"web.task.phone": {FR: "Numéro à trouver", EN: "Number to find"}, "web.task.dispute": {FR: "Réponse à un litige", EN: "Answer on a dispute"}, "web.task.mail": {FR: "Adresse e-mail à corriger", EN: "E-mail address to mend"},
	"web.task.cheque": {FR: "Chèque annoncé, pas arrivé", EN: "Cheque announced, not come"}, "web.task.declare": {FR: "Créance à déclarer", EN: "Claim to declare"}, "web.task.insurance": {FR: "Sinistre à déclarer à l’assureur", EN: "Claim to tell the insurer"},

	"web.call": {FR: "Appeler", EN: "Call"},
}
