package i18n

// commandHouse is what the command line says of the installation: doctor, config.
var commandHouse = Messages{
	"cmd.doctor.database":       {FR: "%s %s, ouverte", EN: "%s %s, open"},
	"cmd.doctor.durability":     {FR: "ce qui est enregistré est sur le disque", EN: "what is acknowledged is on the disk"},
	"cmd.doctor.durability.off": {FR: "une coupure de courant peut effacer ce qui était enregistré : %s désactivé dans la base", EN: "a power loss may take what was acknowledged: %s is off in the database"},
	"cmd.doctor.schema":         {FR: "à jour (version %v)", EN: "up to date (version %v)"},
	"cmd.doctor.lives":          {FR: "le bureau répond", EN: "the desk answers"},
	"cmd.doctor.rates.soon":     {FR: "taux chargés pour %s ; ceux de %s manquent, et cette période commence le %s : mettez le programme à jour", EN: "rates loaded for %s; those of %s are missing, and that period begins on %s: update the program"},
	"cmd.doctor.disk":           {FR: "%s libres dans %s ; les données en occupent %s", EN: "%s free in %s; the data take %s"},
	"cmd.doctor.disk.unknown":   {FR: "la place libre dans %s n’est pas connue sur ce système", EN: "the free space in %s is not known on this system"},

	"cmd.doctor.queue":       {FR: "%d tâches de fond en attente", FROne: "%d tâche de fond en attente", EN: "%d background jobs wait", ENOne: "%d background job waits"},
	"cmd.doctor.queue.dead":  {FR: "%d tâches de fond abandonnées après tous leurs essais : voyez le journal du programme", FROne: "%d tâche de fond abandonnée après tous ses essais : voyez le journal du programme", EN: "%d background jobs given up after all their attempts: see the program’s log", ENOne: "%d background job given up after all its attempts: see the program’s log"},
	"cmd.doctor.queue.late":  {FR: "une tâche de fond attend depuis %d h : « relance serve » tourne-t-il ?", EN: "a background job has waited for %d h: is “relance serve” running?"},
	"cmd.doctor.uncertain":   {FR: "%d messages incertains à trancher", FROne: "%d message incertain à trancher", EN: "%d uncertain messages to settle", ENOne: "%d uncertain message to settle"},
	"cmd.doctor.backup":      {FR: "dernière sauvegarde le %s", EN: "last backup on %s"},
	"cmd.doctor.backup.late": {FR: "dernière sauvegarde le %s, il y a %d jours", EN: "last backup on %s, %d days ago"},
	"cmd.doctor.backup.none": {FR: "aucune sauvegarde connue : « relance backup FICHIER.zip »", EN: "no backup is known: “relance backup FILE.zip”"},

	"cmd.doctor.clock":        {FR: "les horloges s’accordent", EN: "the clocks agree"},
	"cmd.doctor.clock.behind": {FR: "l’horloge de cette machine retarde de %s sur ce qui est déjà écrit : réglez-la avant tout envoi", EN: "this machine’s clock is %s behind what is written already: set it before anything leaves"},
	"cmd.doctor.clock.apart":  {FR: "l’horloge de la base et celle de cette machine diffèrent de %s", EN: "the database’s clock and this machine’s are %s apart"},

	"cmd.doctor.dns.silent": {FR: "%s : le DNS ne répond pas d’ici", EN: "%s: the DNS does not answer from here"},
	"cmd.doctor.spf.none":   {FR: "%s : aucun enregistrement SPF ; des messageries refuseront vos courriels", EN: "%s: no SPF record; some mailboxes will refuse your mail"},
	"cmd.doctor.spf.bad":    {FR: "%s : un seul enregistrement SPF, qui n’autorise pas tout le monde, est attendu :", EN: "%s: one SPF record is expected, that does not let everybody in:"},
	"cmd.doctor.dkim.which": {FR: "%s : sélecteur inconnu ; indiquez --dkim-selector pour vérifier la clé", EN: "%s: the selector is not known; give --dkim-selector to look at the key"},
	"cmd.doctor.dkim.none":  {FR: "%s : aucune clé DKIM à ce sélecteur", EN: "%s: no DKIM key at this selector"},
	"cmd.doctor.dkim.bad":   {FR: "%s : clé DKIM retirée ou illisible :", EN: "%s: the DKIM key is withdrawn or unreadable:"},
	"cmd.doctor.dmarc.none": {FR: "%s : aucune règle DMARC", EN: "%s: no DMARC policy"},
	"cmd.doctor.dmarc.bad":  {FR: "%s : règle DMARC inattendue :", EN: "%s: an unexpected DMARC policy:"},
	"cmd.doctor.mx.none":    {FR: "%s : aucun serveur ne reçoit pour ce domaine, les réponses se perdent", EN: "%s: no server receives for this domain, answers are lost"},
	"cmd.doctor.mx.bad":     {FR: "%s : serveur de réception inattendu :", EN: "%s: an unexpected receiving server:"},

	"cmd.config.key":      {FR: "clé des mots de passe enregistrés, 64 chiffres hexadécimaux", EN: "key of stored passwords, 64 hexadecimal digits"},
	"cmd.config.key-file": {FR: "fichier de la clé des mots de passe enregistrés", EN: "file of the key of stored passwords"},
	"cmd.config.user":     {FR: "qui agit depuis la ligne de commande, pour le journal", EN: "who acts from the command line, for the journal"},
	"cmd.config.data":     {FR: "dossier des données", EN: "folder of the data"},
	"cmd.config.lang":     {FR: "langue des messages", EN: "language of messages"},
	"cmd.config.traces":   {FR: "traces OpenTelemetry", EN: "OpenTelemetry traces"},
	"cmd.config.systemd":  {FR: "donné par systemd", EN: "given by systemd"},
}
