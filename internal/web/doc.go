// Package web is the door of people at their desk.
//
// It knows sessions, forms, pages and their addresses: each handler asks the hall, fills a page's
// struct and returns an error when something is wrong; one place renders errors. It refuses to
// know rules and figures (app decides), SQL, mail servers and PDF. Routes are one table, each with
// the right it needs. Every page works without a script, under a content security policy that
// allows none but the kit's own.
//
// The main types are Options and the handler that New gives.
package web
