// Package org is us: the company that is owed, its letterhead, its rules, and the people who
// work at its desk with their roles. It refuses to know customers and debts.
package org
