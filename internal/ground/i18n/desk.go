package i18n

// deskMessages are what the hall and its doors say: imports, plans, sending, refusals.
var deskMessages = Messages{}
