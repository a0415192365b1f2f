package i18n

// matchMessages say why a bank line is read as it is.
var matchMessages = Messages{}
