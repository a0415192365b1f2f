package i18n

// webInsolvency is what a customer's page says of insolvency, credit insurance, set-off and cheques that never came.
var webInsolvency = Messages{
	"web.insolvency": {FR: "Procédure collective", EN: "Insolvency"}, "web.insolvency.open": {FR: "Ouvrir une procédure collective", EN: "Open an insolvency"}, "web.insolvency.go": {FR: "Ouvrir", EN: "Open"},
	"web.insolvency.help":       {FR: "Ce qui était dû avant le jugement est gelé ; la suite reste due et se demande à l’administrateur.", EN: "What was owed before the judgment is frozen; what comes after is still due and asked from the administrator."},
	"web.insolvency.kind":       {FR: "Procédure", EN: "Procedure"},
	"web.insolvency.sauvegarde": {FR: "Sauvegarde", EN: "Safeguard"}, "web.insolvency.redressement": {FR: "Redressement judiciaire", EN: "Reorganisation"}, "web.insolvency.liquidation": {FR: "Liquidation judiciaire", EN: "Liquidation"},
	"web.insolvency.judgment": {FR: "Jugement d’ouverture", EN: "Opening judgment"}, "web.insolvency.published": {FR: "Publication au BODACC", EN: "Published in the BODACC"}, "web.insolvency.unpublished": {FR: "pas encore connue : les délais en partent", EN: "not known yet: the delays run from it"},
	"web.insolvency.court": {FR: "Tribunal", EN: "Court"}, "web.insolvency.mandatary": {FR: "Mandataire ou liquidateur", EN: "Mandatary or liquidator"}, "web.insolvency.administrator": {FR: "E-mail de l’administrateur", EN: "Administrator’s e-mail"},
	"web.insolvency.declare-by": {FR: "Déclarer avant le", EN: "Declare by"}, "web.insolvency.reclaim-by": {FR: "Revendiquer avant le", EN: "Reclaim by"}, "web.insolvency.declared-on": {FR: "Créance déclarée le", EN: "Claim declared on"},
	"web.insolvency.declare": {FR: "Déclarée", EN: "Declared"}, "web.insolvency.close": {FR: "Clore la procédure", EN: "Close the insolvency"}, "web.insolvency.publish": {FR: "Noter la publication", EN: "Keep the publication"},
	"web.done.insolvency": {FR: "Procédure ouverte", EN: "Insolvency opened"}, "web.done.declared": {FR: "Créance déclarée", EN: "Claim declared"}, "web.done.insolvency-closed": {FR: "Procédure close", EN: "Insolvency closed"}, "web.done.published": {FR: "Publication notée", EN: "Publication kept"},

	"web.insurance": {FR: "Assurance-crédit", EN: "Credit insurance"}, "web.insurance.insurer": {FR: "Assureur", EN: "Insurer"}, "web.insurance.policy": {FR: "Police", EN: "Policy"}, "web.insurance.cover": {FR: "Encours couvert", EN: "Covered"},
	"web.insurance.extension": {FR: "Prorogation maximale (jours)", EN: "Longest extension (days)"}, "web.insurance.declare-days": {FR: "Déclarer sous (jours après l’échéance)", EN: "Declare within (days after the due date)"},
	"web.insurance.declare": {FR: "Déclaré à l’assureur", EN: "Declared to the insurer"}, "web.insurance.insurer.missing": {FR: "indiquez l’assureur", EN: "say which insurer"}, "web.insurance.days": {FR: "indiquez un nombre de jours", EN: "give a number of days"},
	"web.insurance.ends": {FR: "Fin de la couverture", EN: "End of the cover"}, "web.insurance.remove": {FR: "N’est plus assuré", EN: "Not insured any more"}, "web.done.insurance-removed": {FR: "Assurance-crédit retirée", EN: "Credit insurance removed"},
	"web.done.insurance": {FR: "Assurance-crédit enregistrée", EN: "Credit insurance saved"}, "web.done.insurance-declared": {FR: "Déclaré à l’assureur", EN: "Declared to the insurer"},

	"web.set-off.title": {FR: "Client et fournisseur", EN: "Customer and supplier"}, "web.set-off": {FR: "Compenser", EN: "Set off"}, "web.set-off.owed": {FR: "Vous lui devez %s", EN: "You owe this customer %s"}, "web.done.set-off": {FR: "Compensé", EN: "Set off"},

	"web.withdrawal": {FR: "Lettre de désistement", EN: "Cheque withdrawal letter"}, "web.withdrawal.help": {FR: "Le chèque annoncé n’est pas arrivé : vous vous engagez à ne pas l’encaisser, pour que le client puisse en émettre un autre.", EN: "The cheque announced has not come: you undertake not to cash it, so that the customer may issue another."},
	"web.withdrawal.number": {FR: "Numéro du chèque", EN: "Cheque number"}, "web.withdrawal.sent": {FR: "Envoyé le", EN: "Sent on"}, "web.withdrawal.go": {FR: "Écrire la lettre", EN: "Write the letter"}, "web.done.withdrawal": {FR: "Lettre de désistement écrite : elle attend d’être approuvée.", EN: "Withdrawal letter written: it awaits approval."},
}
