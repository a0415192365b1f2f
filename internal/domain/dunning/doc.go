// Package dunning decides who is contacted, when, about what, and explains why.
//
// Plan is one pure function over one customer: today, the calendar, the scenario, the open items,
// holds, credits and what was already done come in; messages, tasks, what is held and what waits
// come out, each with the rule that says so (PRODUCT.md §3). The nightly run, the preview, the
// simulation and "why" call it alike. It refuses to know databases, clocks, texts of letters,
// legal rates and disputes: the hall hands it holds and claims it needs.
//
// Its rules are told as dated stories in testdata, which TestStories plays.
//
// The main types are Scenario and Step (the ordered plan), Input and Outcome (one decision).
package dunning
