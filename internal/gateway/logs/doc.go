// Package logs writes the program's log: lines of text or of JSON on the standard error, without
// personal data.
//
// It knows which work makes a line and how loud. It refuses to trust what it is given: whatever
// passes through its handler, from whichever floor or library, is stripped of addresses, of quoted
// texts and of account numbers, and an error is kept by its keys (fault.Brief). A log is copied to
// places where the people in the ledger were never promised anything.
package logs
