package i18n

// bankMessages say what is wrong with a bank file.
var bankMessages = Messages{}
