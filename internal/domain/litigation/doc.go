// Package litigation knows the delays of procedures: today those that run from the publication of a debtor's
// insolvency. Each is a line of data with its effective date, its source and how sure it is (law-fr.md §7.6). It
// refuses to know who watches over them.
package litigation
