package i18n

// cashMessages say what money coming in, promises and disputes need.
var cashMessages = Messages{}
