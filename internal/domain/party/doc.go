// Package party is them: the customers who owe, and the people at the customer.
//
// It knows kinds of debtor (law-fr.md §1) and what each kind forbids, roles of contacts,
// addresses, and what a file says of a customer (Draft). It refuses to know invoices, money
// owed, or why anyone is contacted.
package party
