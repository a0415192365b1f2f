package i18n

// webEntry is the page that proposes where old debts enter their scenarios.
var webEntry = Messages{
	"web.entry": {FR: "Reprise des impayés", EN: "Entry of old debts"}, "web.entry.sub": {FR: "À quelle étape chaque ancien impayé entre dans son scénario. Rien ne part avant votre accord, ni d’un seul coup.", EN: "At which step each old debt enters its scenario. Nothing leaves before you agree, nor all at once."},
	"web.entry.help": {FR: "Choisissez où les anciens impayés commencent et combien de clients sont écrits par jour.", EN: "Choose where old debts begin and how many customers are written to a day."},
	"web.entry.days": {FR: "Messages par jour", EN: "Messages a day"}, "web.entry.per-day": {FR: "Clients écrits pour la première fois chaque jour", EN: "Customers first written to each day"}, "web.entry.per-day.bounds": {FR: "entre 1 et 1000 clients par jour", EN: "between 1 and 1000 customers a day"}, "web.entry.messages": {FR: "Messages", EN: "Messages"}, "web.entry.tasks": {FR: "Tâches", EN: "Tasks"},
	"web.entry.at": {FR: "Étape d’entrée", EN: "Enters at"}, "web.entry.step": {FR: "Étape d’entrée de %s", EN: "Step of %s"}, "web.entry.from": {FR: "À partir du", EN: "From"}, "web.entry.as-first": {FR: "comme proposé", EN: "as proposed"},
	"web.entry.beyond": {FR: "%d autres échéances entrent comme proposé.", FROne: "%d autre échéance entre comme proposé.", EN: "%d more instalments enter as proposed.", ENOne: "%d more instalment enters as proposed."}, "web.entry.accept": {FR: "Accepter", EN: "Accept"},
	"web.entry.none": {FR: "Aucun ancien impayé", EN: "No old debt"}, "web.entry.none.help": {FR: "Chaque impayé suit déjà son scénario.", EN: "Every debt follows its scenario already."},
	"web.done.entry": {FR: "%d échéances entrent dans leur scénario", FROne: "%d échéance entre dans son scénario", EN: "%d instalments enter their scenario", ENOne: "%d instalment enters its scenario"},
}
