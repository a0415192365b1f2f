// Package cash knows money that came in and what it settles: payments, allocations, open items
// and balances. In the ledger a payment settles principal first (PRODUCT.md §5); interest is a
// claim of its own and never changes an invoice. It refuses to know reminders.
package cash
