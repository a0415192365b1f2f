// Package demo is the example company: invented customers in every situation, months of a life
// already lived, a clock that moves by days, and a mailbox that catches every mail.
//
// It knows how such a company behaves: who pays on time, who late, who never, who disputes. It
// plays by the hall's own verbs, as people would, and refuses to write into the store by itself.
// The main types are Clock, Mailbox and Stage.
package demo
