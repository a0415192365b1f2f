package i18n

// gatewayMessages speak of what leaves the house: printed letters, mail servers, sealed secrets.
var gatewayMessages = Messages{
	"pdf.empty":    {FR: "aucun courrier à imprimer", EN: "no letter to print"},
	"pdf.too-long": {FR: "le courrier dépasse %d pages : envoyez plutôt un relevé de compte", EN: "the letter is longer than %d pages: send a statement of account instead"},
	"pdf.fonts":    {FR: "la police des courriers est illisible", EN: "the typeface of letters cannot be read"},
}
