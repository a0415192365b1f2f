// Package bill knows what is invoiced: invoices, credit notes and their instalments, and what a
// file says of an invoice (Draft). It refuses to know payments (cash) and reminders (dunning).
package bill
