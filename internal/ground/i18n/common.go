package i18n

// common holds the words that every floor uses.
var common = Messages{
	"yes": {FR: "oui", EN: "yes"},
	"no":  {FR: "non", EN: "no"},
}
