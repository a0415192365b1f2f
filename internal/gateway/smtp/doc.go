// Package smtp hands messages to a mail server over one held connection.
//
// It knows the conversation of RFC 5321 and what each of its breaks means for the message:
// refused, to be tried again, or uncertain, which is the one that must never be sent again in
// silence (PRODUCT.md §3 rule 9). It refuses to know queues, retries and what a message says: it is
// given bytes that are final, and they leave as they are.
//
// The client is our own because net/smtp and its descendants hide the one thing that matters here:
// whether the connection broke before or after the last byte of the message was written.
package smtp
