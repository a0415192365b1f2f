// Package wire holds the JSON shapes that scripts rely on (PRODUCT.md §7), shared by the command
// line and the API. It knows names of fields and how a domain value fills them; it refuses to
// decide anything. Fields are added freely, never renamed or removed; amounts are integers in
// minor units, dates are ISO.
package wire
