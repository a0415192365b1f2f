package i18n

// importMessages say what an import did, refused or doubts.
var importMessages = Messages{}
