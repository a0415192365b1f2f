// Package catch receives mail: the demo's mailbox and the tests' peer. It takes every message for
// every recipient, gives it to a function and keeps nothing. It must listen on the machine
// itself only: it asks nobody who they are.
package catch
