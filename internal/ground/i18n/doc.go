// Package i18n speaks to people in French and English: messages with plurals, dates, amounts.
//
// Messages live in tables, one file a floor (import.go, engine.go, desk.go…), all listed in
// catalogue.go; a test proves that every key exists in every language with the same arguments.
// Its own formatter exists because golang.org/x/text puts the euro sign on the wrong side.
package i18n
