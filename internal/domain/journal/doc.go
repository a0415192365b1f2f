// Package journal is what happened: append-only facts of a company, each sealed into a hash chain
// so that a change, a gap or a reorder is found (PRODUCT.md §2, piste d'audit). Personal data
// stands in a body of which only the digest is hashed, so that erasure keeps the chain. It
// refuses to know what facts mean.
package journal
