// Package archtest keeps the house in order: which room may import which, as a table, and what no
// room below the hall may touch (DESIGN.md). It holds tests only. A refusal prints its reason: the
// way out is rarely a new row here.
package archtest
