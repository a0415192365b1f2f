// Package promise knows dated commitments of a debtor: a promise to pay, a plan of several dates. Judge says at
// a day, from what was paid since, which parts are kept, partly kept or broken (PRODUCT.md §3 rule 6). It refuses to
// know what follows: the hall ends holds, opens calls and plans the customer again.
package promise
