// Command relance is the key in the lock: flags, configuration and wiring, one file per
// subcommand. It knows how a person or a script calls the program and how an answer or a failure
// is written back (PRODUCT.md §7); it decides nothing about debts.
//
// The cli struct lists the subcommands; each is a struct with a method Run(*context) error.
package main
