// Package app is the hall: the use cases, one verb a file, and the only place that changes
// anything.
//
// It knows how a verb walks: gather what a decision may know, let a domain room decide, apply the
// rows, the journal entries and the follow-up in one transaction at one instant. App is the open
// house, Desk one person in one company, and every verb is a method of Desk that asks first
// whether that person may. It refuses to know screens, flags and JSON (the doors), SQL (store)
// and how bytes travel (the ports of ports.go).
package app
