// Package jobs is the door of time: it asks the hall every minute what is due, and hands the
// queue's work to the hall's verbs. It knows when, never what: deciding and sending are the hall's,
// the queue's tables the store's. Any number of processes may run it on one PostgreSQL.
package jobs
