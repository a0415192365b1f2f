// Package scenario reads and writes scenarios as YAML (PRODUCT.md §7) and holds the shipped ones.
//
// Unknown keys, wrong values and impossible orders are errors with their line. It refuses to
// know where scenarios are stored and who follows them.
package scenario
