// Package watch lets every floor say what it is doing to whoever watches: logs, metrics, traces.
//
// It knows that work begins, is noted and ends. It refuses to know who watches: a Watcher travels
// in the context, put there by the program; where there is none, Begin costs a look into the
// context and nothing else.
//
// What is noted leaves the house: to a log file, to a collector of another company. So a Fact is a
// number or a word of the program's own vocabulary (a route's pattern, a kind of job, an outcome):
// never a name, an address, an amount, the number of an invoice.
package watch
