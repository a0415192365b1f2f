// Package report makes figures of plain facts: aged receivables, days sales outstanding, what
// reminders achieve. The hall gathers the facts as they stood on a day; this room adds them up
// and never reads anything else. Currencies are never added to one another.
//
// The main functions are Age, CountBack, Simple and Effectiveness.
package report
