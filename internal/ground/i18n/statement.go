package i18n

// statementMessages say what is wrong with a statement of fixed lines or of columns.
var statementMessages = Messages{}
