package i18n

// lawMessages speak of dates, terms, identifiers, amounts and rates: what the ground and the
// legal calculators say.
var lawMessages = Messages{
	// dates, delays, calendars
	"date.unreadable":         {FR: "date illisible : « %s »", EN: "not a readable date: “%s”"},
	"date.impossible":         {FR: "cette date n’existe pas : « %s »", EN: "there is no such date: “%s”"},
	"date.range":              {FR: "date hors des années 1900 à 2199 : « %s »", EN: "date outside the years 1900 to 2199: “%s”"},
	"cal.calendar.unknown":    {FR: "calendrier inconnu : « %s » ; connus : %s", EN: "unknown calendar: “%s”; known: %s"},
	"cal.delay.unreadable":    {FR: "délai illisible : « %s » ; écrivez 15d, 6m ou 2y", EN: "not a readable delay: “%s”; write 15d, 6m or 2y"},
	"cal.semester.unreadable": {FR: "semestre illisible : « %s » ; écrivez 2026-S2", EN: "not a readable half-year: “%s”; write 2026-S2"},

	"holiday.new-year":      {FR: "jour de l’An", EN: "New Year's Day"},
	"holiday.good-friday":   {FR: "Vendredi saint", EN: "Good Friday"},
	"holiday.easter-monday": {FR: "lundi de Pâques", EN: "Easter Monday"},
	"holiday.labour-day":    {FR: "fête du Travail", EN: "Labour Day"},
	"holiday.victory":       {FR: "Victoire de 1945", EN: "Victory Day"},
	"holiday.ascension":     {FR: "Ascension", EN: "Ascension Day"},
	"holiday.whit-monday":   {FR: "lundi de Pentecôte", EN: "Whit Monday"},
	"holiday.national":      {FR: "fête nationale", EN: "Bastille Day"},
	"holiday.assumption":    {FR: "Assomption", EN: "Assumption Day"},
	"holiday.all-saints":    {FR: "Toussaint", EN: "All Saints' Day"},
	"holiday.armistice":     {FR: "armistice de 1918", EN: "Armistice Day"},
	"holiday.christmas":     {FR: "Noël", EN: "Christmas Day"},
	"holiday.saint-stephen": {FR: "Saint-Étienne", EN: "St Stephen's Day"},
	"holiday.abolition":     {FR: "abolition de l’esclavage", EN: "Abolition of Slavery Day"},

	// payment terms
	"terms.unreadable": {FR: "conditions de règlement illisibles : « %s » ; par exemple « 30 jours » ou « 45 jours fin de mois »", EN: "payment terms not understood: “%s”; for example “net 30” or “45 days eom”"},
	"terms.none":       {FR: "aucune condition de règlement", EN: "no payment terms"},
	"terms.no-date":    {FR: "date manquante pour compter ce délai : %s", EN: "a date is missing to count these terms: %s"},

	// amounts
	"amount.unreadable": {FR: "montant illisible : « %s »", EN: "not a readable amount: “%s”"},
	"amount.precise":    {FR: "plus de décimales que la devise n’en a : « %s »", EN: "more decimals than the currency has: “%s”"},
	"amount.large":      {FR: "montant hors limites : « %s »", EN: "amount out of bounds: “%s”"},
	"amount.ambiguous":  {FR: "« %s » : milliers ou décimales ? le séparateur est ambigu", EN: "“%s”: thousands or decimals? the separator is ambiguous"},

	// identifiers
	"ident.digits":      {FR: "ce numéro ne contient que des chiffres", EN: "this number holds digits only"},
	"ident.character":   {FR: "caractère inattendu", EN: "unexpected character"},
	"ident.length":      {FR: "longueur incorrecte", EN: "wrong length"},
	"ident.form":        {FR: "lettres et chiffres ne sont pas à leur place", EN: "letters and digits are not where they should be"},
	"ident.zero":        {FR: "un numéro fait de zéros ne désigne personne", EN: "a number made of zeros names nobody"},
	"ident.control":     {FR: "la clé de contrôle ne correspond pas", EN: "the control figure does not match"},
	"ident.country":     {FR: "pays absent ou inconnu", EN: "country missing or unknown"},
	"ident.rib-key":     {FR: "la clé RIB ne correspond pas", EN: "the RIB key does not match"},
	"ident.siren-wrong": {FR: "le SIREN contenu dans ce SIRET n’est pas valide", EN: "the SIREN inside this SIRET is not valid"},

	// the calculators
	"calc.due":               {FR: "à régler le %s", EN: "due on %s"},
	"calc.deadline":          {FR: "dernier jour : %s", EN: "last day: %s"},
	"calc.deadline.extended": {FR: "le délai expire le %s, prorogé au premier jour ouvrable (CPC 642)", EN: "the delay ends on %s, extended to the next working day (CPC 642)"},

	"calc.warning.DUE_AFTER_LEGAL_CEILING": {FR: "attention : après le plafond légal du %s (C. com. L441-10 et L441-16)", EN: "warning: after the legal ceiling of %s (C. com. L441-10 and L441-16)"},
}
