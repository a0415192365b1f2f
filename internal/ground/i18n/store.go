package i18n

// storeMessages speak of the database and the files beside it.
var storeMessages = Messages{
	"store.no-database": {FR: "aucune base de données à « %s » : commencez par « relance init » ou « relance import »", EN: "no database at “%s”: start with “relance init” or “relance import”"},
	"store.bad-url":     {FR: "adresse de base de données illisible ; écrivez sqlite:CHEMIN ou postgres://…", EN: "not a database address; write sqlite:PATH or postgres://…"},
	"store.unreachable": {FR: "la base de données ne répond pas", EN: "the database does not answer"},
	"store.busy":        {FR: "la base de données est occupée, réessayez", EN: "the database is busy, try again"},
	"store.conflict":    {FR: "cette modification contredit ce qui est déjà enregistré", EN: "this change contradicts what is already recorded"},
	"store.moved":       {FR: "quelqu’un d’autre vient de modifier cet élément", EN: "somebody else has just changed this"},
	"store.job.panic":   {FR: "la tâche de fond %s a échoué", EN: "background job %s failed"},
	"store.none":        {FR: "introuvable", EN: "not found"},
	"store.newer":       {FR: "cette base (version %v) est plus récente que ce programme (version %v) : mettez-le à jour", EN: "this database (version %v) is newer than this program (version %v): update it"},
	"store.older":       {FR: "le schéma de la base (version %v) est plus ancien que ce programme (version %v) : « relance migrate »", EN: "the database’s schema (version %v) is older than this program (version %v): “relance migrate”"},
	"file.too-large":    {FR: "fichier trop volumineux : la limite est de %v Mo", EN: "file too large: the limit is %v MB"},
	"file.none":         {FR: "document introuvable : %s", EN: "no such document: %s"},
	"file.damaged":      {FR: "document endommagé : %s", EN: "damaged document: %s"},
}
