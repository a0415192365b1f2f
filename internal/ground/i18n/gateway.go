package i18n

// gatewayMessages speak of what leaves the house: printed letters, mail servers, sealed secrets.
var gatewayMessages = Messages{
	"pdf.empty":    {FR: "aucun courrier à imprimer", EN: "no letter to print"},
	"pdf.too-long": {FR: "le courrier dépasse %d pages : envoyez plutôt un relevé de compte", EN: "the letter is longer than %d pages: send a statement of account instead"},
	"pdf.fonts":    {FR: "la police des courriers est illisible", EN: "the typeface of letters cannot be read"},

	"smtp.temporary":    {FR: "le serveur de messagerie ne prend pas le message pour l’instant : %s", EN: "the mail server does not take the message for now: %s"},
	"smtp.uncertain":    {FR: "connexion perdue après l’envoi : le serveur a peut-être pris le message, une personne doit trancher", EN: "connection lost after sending: the server may have taken the message, a person must settle it"},
	"smtp.refused":      {FR: "le serveur de messagerie refuse le message : %s", EN: "the mail server refuses the message: %s"},
	"smtp.recipient":    {FR: "le serveur de messagerie refuse le destinataire %s : %s", EN: "the mail server refuses the recipient %s: %s"},
	"smtp.auth":         {FR: "le serveur de messagerie refuse l’identifiant ou le mot de passe : %s", EN: "the mail server refuses the user name or the password: %s"},
	"smtp.too-big":      {FR: "message de %d Ko : le serveur de messagerie en accepte %d", EN: "message of %d kB: the mail server takes %d"},
	"smtp.no-recipient": {FR: "le message n’a pas de destinataire", EN: "the message has no recipient"},
	"smtp.address":      {FR: "adresse électronique inutilisable : %s", EN: "unusable e-mail address: %s"},
	"smtp.line-ends":    {FR: "le message contient des fins de ligne irrégulières", EN: "the message has irregular line ends"},
	"smtp.no-starttls":  {FR: "le serveur %s ne propose pas de connexion chiffrée (STARTTLS) : rien ne lui est confié", EN: "server %s does not offer an encrypted connection (STARTTLS): nothing is entrusted to it"},
	"smtp.certificate":  {FR: "le certificat du serveur %s n’est pas valable", EN: "the certificate of server %s is not valid"},
	"smtp.bad-tls":      {FR: "protection inconnue « %s » : starttls, tls ou none", EN: "unknown protection “%s”: starttls, tls or none"},
	"smtp.bad-host":     {FR: "adresse de serveur inutilisable : %s, port %d", EN: "unusable server address: %s, port %d"},

	"mime.address":   {FR: "adresse électronique inutilisable : %s", EN: "unusable e-mail address: %s"},
	"mime.header":    {FR: "en-tête de message interdit : %s", EN: "forbidden message header: %s"},
	"mime.id":        {FR: "identifiant de message inutilisable : %s", EN: "unusable message identifier: %s"},
	"mime.media":     {FR: "type de document inutilisable : %s", EN: "unusable media type: %s"},
	"mime.no-text":   {FR: "le message n’a pas de texte", EN: "the message has no text"},
	"mime.malformed": {FR: "ce fichier n’est pas un message électronique", EN: "this file is not an e-mail message"},
	"mime.too-large": {FR: "message trop volumineux : la limite est de %d Mo", EN: "message too large: the limit is %d MB"},
	"mime.too-deep":  {FR: "message de plus de %d niveaux ou de plus de %d parties", EN: "message of more than %d levels or %d parts"},

	"secret.key-size":   {FR: "la clé de chiffrement %s doit contenir 32 octets (64 chiffres hexadécimaux)", EN: "encryption key %s must hold 32 bytes (64 hexadecimal digits)"},
	"secret.key-file":   {FR: "la clé de chiffrement %s est illisible", EN: "encryption key %s cannot be read"},
	"secret.key-open":   {FR: "la clé de chiffrement %s est lisible par d’autres que son propriétaire : chmod 600", EN: "encryption key %s can be read by others than its owner: chmod 600"},
	"secret.other-key":  {FR: "ce secret est scellé avec une autre clé (%s) que celle-ci (%s)", EN: "this secret is sealed with another key (%s) than this one (%s)"},
	"secret.rotate-env": {FR: "la clé vient de %[1]s : donnez-y la nouvelle et l’ancienne (64 chiffres hexadécimaux chacune, une virgule entre elles, la nouvelle d’abord), relancez la commande, puis retirez l’ancienne", EN: "the key comes from %[1]s: give the new one and the old one there (64 hexadecimal digits each, a comma between them, the new one first), run this again, then take the old one out"},
	"secret.damaged":    {FR: "ce secret est endommagé", EN: "this secret is damaged"},
}
