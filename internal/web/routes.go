package web

import "relance/internal/domain/org"

// anyone is the right that needs no session.
const anyone org.Verb = ""

// route is an address, the right it needs and what answers.
type route struct {
	pattern string
	need    org.Verb
	do      func(*visit) error
	body    int64 // largest body in bytes, 0 for the default
}

// Largest bodies.
const (
	maxForm   = 1 << 20
	maxImport = 64 << 20
	maxScan   = 10 << 20
)

// routes is every address of the desk.
var routes = []route{
	{pattern: "GET /signin", need: anyone, do: (*visit).signInPage},
	{pattern: "POST /signin", need: anyone, do: (*visit).signIn},
	{pattern: "POST /signout", need: anyone, do: (*visit).signOut},
	{pattern: "POST /preferences", need: anyone, do: (*visit).preferences},
	{pattern: "GET /question/{secret}", need: anyone, do: (*visit).question},
	{pattern: "POST /question/{secret}", need: anyone, do: (*visit).answerQuestion, body: maxAnswer},
	{pattern: "POST /company", need: org.VerbRead, do: (*visit).chooseCompany},

	{pattern: "GET /{$}", need: org.VerbRead, do: (*visit).today},
	{pattern: "POST /run", need: org.VerbCollect, do: (*visit).run},
	{pattern: "POST /send", need: org.VerbCollect, do: (*visit).send},
	{pattern: "GET /search", need: org.VerbRead, do: (*visit).search},
	{pattern: "GET /tasks", need: org.VerbRead, do: (*visit).tasks},
	{pattern: "POST /tasks/{id}/end", need: org.VerbCollect, do: (*visit).endTask},
	{pattern: "POST /tasks/{id}/decide", need: org.VerbCollect, do: (*visit).decide},
	{pattern: "GET /blocked", need: org.VerbRead, do: (*visit).blocked},
	{pattern: "POST /holds/{id}/end", need: org.VerbCollect, do: (*visit).endHold},

	{pattern: "GET /customers", need: org.VerbRead, do: (*visit).customers},
	{pattern: "GET /customers/{code}", need: org.VerbRead, do: (*visit).customer},
	{pattern: "GET /customers/{code}/statement.pdf", need: org.VerbRead, do: (*visit).statement},
	{pattern: "GET /customers/{code}/call", need: org.VerbRead, do: (*visit).call},
	{pattern: "POST /customers/{code}/call", need: org.VerbCollect, do: (*visit).recordCall},
	{pattern: "POST /customers/{code}/payment", need: org.VerbImport, do: (*visit).addPayment},
	{pattern: "POST /customers/{code}/write-off", need: org.VerbImport, do: (*visit).writeOff},
	{pattern: "POST /customers/{code}/use", need: org.VerbImport, do: (*visit).useCredit},
	{pattern: "POST /customers/{code}/refund", need: org.VerbImport, do: (*visit).refund},
	{pattern: "POST /customers/{code}/release", need: org.VerbImport, do: (*visit).releaseCredit},
	{pattern: "POST /customers/{code}/payments/{id}/release", need: org.VerbImport, do: (*visit).releasePayment},
	{pattern: "POST /customers/{code}/payments/{id}/cancel", need: org.VerbImport, do: (*visit).cancelPayment},
	{pattern: "POST /customers/{code}/payments/{id}/return", need: org.VerbImport, do: (*visit).returnPayment},
	{pattern: "GET /customers/{code}/plan", need: org.VerbRead, do: (*visit).plan},
	{pattern: "POST /customers/{code}/plan", need: org.VerbCollect, do: (*visit).agreePlan},
	{pattern: "POST /customers/{code}/hold", need: org.VerbCollect, do: (*visit).hold},
	{pattern: "POST /customers/{code}/promise", need: org.VerbCollect, do: (*visit).promise},
	{pattern: "POST /customers/{code}/dispute", need: org.VerbCollect, do: (*visit).dispute},
	{pattern: "POST /customers/{code}/dispute/close", need: org.VerbCollect, do: (*visit).closeDispute},
	{pattern: "POST /customers/{code}/answer", need: org.VerbCollect, do: (*visit).answerCustomer},
	{pattern: "POST /customers/{code}/qualify", need: org.VerbCollect, do: (*visit).qualify},
	{pattern: "POST /customers/{code}/terms", need: org.VerbCollect, do: (*visit).confirmTerms},
	{pattern: "POST /customers/{code}/edit", need: org.VerbCollect, do: (*visit).editCustomer},
	{pattern: "POST /customers/{code}/contact", need: org.VerbCollect, do: (*visit).saveContact},
	{pattern: "POST /customers/{code}/scenario", need: org.VerbCollect, do: (*visit).assignScenario},
	{pattern: "POST /customers/{code}/withdrawal", need: org.VerbCollect, do: (*visit).withdraw},
	{pattern: "POST /customers/{code}/insolvency", need: org.VerbCollect, do: (*visit).openInsolvency},
	{pattern: "POST /customers/{code}/insolvency/publish", need: org.VerbCollect, do: (*visit).publishInsolvency},
	{pattern: "POST /customers/{code}/insolvency/declare", need: org.VerbCollect, do: (*visit).declareClaim},
	{pattern: "POST /customers/{code}/insolvency/close", need: org.VerbCollect, do: (*visit).closeInsolvency},
	{pattern: "POST /customers/{code}/insurance", need: org.VerbCollect, do: (*visit).saveInsurance},
	{pattern: "POST /customers/{code}/insurance/remove", need: org.VerbCollect, do: (*visit).removeInsurance},
	{pattern: "POST /customers/{code}/insurance/declare", need: org.VerbCollect, do: (*visit).declareInsurance},
	{pattern: "POST /customers/{code}/set-off", need: org.VerbImport, do: (*visit).setOff},

	{pattern: "GET /invoices", need: org.VerbRead, do: (*visit).invoices},
	{pattern: "GET /invoices/{number}", need: org.VerbRead, do: (*visit).invoice},
	{pattern: "GET /invoices/{number}/original", need: org.VerbRead, do: (*visit).original},
	{pattern: "GET /invoices/{number}/letter", need: org.VerbRead, do: (*visit).letter},
	{pattern: "GET /invoices/{number}/letter.pdf", need: org.VerbRead, do: (*visit).letterPDF},
	{pattern: "GET /invoices/{number}/mail", need: org.VerbRead, do: (*visit).letterMail},
	{pattern: "POST /invoices/{number}/send-me", need: org.VerbCollect, do: (*visit).sendMe},

	{pattern: "GET /outbox", need: org.VerbRead, do: (*visit).outbox},
	{pattern: "POST /outbox/approve", need: org.VerbCollect, do: (*visit).approve},
	{pattern: "POST /outbox/approve-all", need: org.VerbCollect, do: (*visit).approveAll},
	{pattern: "POST /outbox/unapprove", need: org.VerbCollect, do: (*visit).unapprove},
	{pattern: "POST /outbox/skip", need: org.VerbCollect, do: (*visit).skip},
	{pattern: "POST /outbox/print", need: org.VerbCollect, do: (*visit).printLetters},
	{pattern: "POST /outbox/posted", need: org.VerbCollect, do: (*visit).posted},
	{pattern: "GET /outbox/{id}", need: org.VerbRead, do: (*visit).message},
	{pattern: "GET /outbox/{id}/mail", need: org.VerbRead, do: (*visit).mail},
	{pattern: "GET /outbox/{id}/letter.pdf", need: org.VerbRead, do: (*visit).paper},
	{pattern: "GET /outbox/{id}/proof", need: org.VerbRead, do: (*visit).proof},
	{pattern: "POST /outbox/{id}/edit", need: org.VerbCollect, do: (*visit).edit},
	{pattern: "POST /outbox/{id}/postpone", need: org.VerbCollect, do: (*visit).postpone},
	{pattern: "POST /outbox/{id}/settle", need: org.VerbCollect, do: (*visit).settle},
	{pattern: "POST /outbox/{id}/answer", need: org.VerbCollect, do: (*visit).answer},
	{pattern: "POST /outbox/{id}/state", need: org.VerbCollect, do: (*visit).postState, body: maxScan},

	{pattern: "GET /bank", need: org.VerbRead, do: (*visit).bank},
	{pattern: "GET /bank.csv", need: org.VerbRead, do: (*visit).bankFile},
	{pattern: "GET /bank.xlsx", need: org.VerbRead, do: (*visit).bankFile},
	{pattern: "POST /bank/match", need: org.VerbImport, do: (*visit).matchLines},
	{pattern: "GET /bank/{id}", need: org.VerbRead, do: (*visit).bankLine},
	{pattern: "POST /bank/{id}/settle", need: org.VerbImport, do: (*visit).settleLine},
	{pattern: "POST /bank/{id}/aside", need: org.VerbImport, do: (*visit).lineAside},
	{pattern: "POST /bank/{id}/reopen", need: org.VerbImport, do: (*visit).reopenLine},
	{pattern: "POST /bank/{id}/return", need: org.VerbImport, do: (*visit).returnLine},

	{pattern: "GET /disputes", need: org.VerbRead, do: (*visit).disputes},
	{pattern: "GET /disputes/{id}", need: org.VerbRead, do: (*visit).oneDispute},
	{pattern: "POST /disputes/{id}/close", need: org.VerbCollect, do: (*visit).endDispute},
	{pattern: "POST /disputes/{id}/assign", need: org.VerbCollect, do: (*visit).assignDispute},
	{pattern: "POST /disputes/{id}/ask", need: org.VerbCollect, do: (*visit).askColleague},
	{pattern: "GET /promises", need: org.VerbRead, do: (*visit).promises},
	{pattern: "POST /promises/{id}/cancel", need: org.VerbCollect, do: (*visit).cancelPromise},
	{pattern: "POST /promises/{id}/sign", need: org.VerbCollect, do: (*visit).signPlan, body: maxScan},
	{pattern: "GET /promises/{id}/signed", need: org.VerbRead, do: (*visit).signed},
	{pattern: "GET /promises/{id}/acknowledgement.pdf", need: org.VerbRead, do: (*visit).acknowledgement},

	{pattern: "GET /entry", need: org.VerbRead, do: (*visit).entry},
	{pattern: "POST /entry", need: org.VerbCollect, do: (*visit).acceptEntry},
	{pattern: "GET /figures", need: org.VerbRead, do: (*visit).figures},
	{pattern: "GET /found", need: org.VerbRead, do: (*visit).found},
	{pattern: "GET /found/{code}", need: org.VerbRead, do: (*visit).foundOf},
	{pattern: "POST /found/{code}/claim", need: org.VerbImport, do: (*visit).claimCharges},
	{pattern: "POST /found/{code}/waive", need: org.VerbImport, do: (*visit).waiveCharges},
	{pattern: "GET /invoices/{number}/penalties.pdf", need: org.VerbRead, do: (*visit).penalties},
	{pattern: "GET /invoices/{number}/debit-note.pdf", need: org.VerbRead, do: (*visit).debitNote},

	{pattern: "GET /aging", need: org.VerbRead, do: (*visit).aging},
	{pattern: "GET /aging.csv", need: org.VerbRead, do: (*visit).agingFile},
	{pattern: "GET /aging.xlsx", need: org.VerbRead, do: (*visit).agingFile},
	{pattern: "GET /scenarios", need: org.VerbRead, do: (*visit).scenarios},
	{pattern: "POST /scenarios", need: org.VerbScenario, do: (*visit).tryScenario},
	{pattern: "POST /scenarios/again", need: org.VerbScenario, do: (*visit).tryScenarioAgain},
	{pattern: "POST /scenarios/accept", need: org.VerbScenario, do: (*visit).acceptScenario},
	{pattern: "GET /scenarios/{name}", need: org.VerbRead, do: (*visit).scenario},
	{pattern: "GET /scenarios/{name}/yaml", need: org.VerbRead, do: (*visit).scenarioYAML},

	{pattern: "GET /imports", need: org.VerbRead, do: (*visit).imports},
	{pattern: "POST /imports", need: org.VerbImport, do: (*visit).rehearse, body: maxImport},
	{pattern: "POST /imports/again", need: org.VerbImport, do: (*visit).rehearseAgain},
	{pattern: "POST /imports/accept", need: org.VerbImport, do: (*visit).acceptImport},
	{pattern: "POST /imports/{id}/undo", need: org.VerbImport, do: (*visit).undoImport},
	{pattern: "POST /payments-known", need: org.VerbImport, do: (*visit).paymentsKnown},

	{pattern: "GET /settings", need: org.VerbRead, do: (*visit).settings},
	{pattern: "POST /settings", need: org.VerbConfigure, do: (*visit).saveSettings, body: 2 * maxForm},
	{pattern: "GET /settings/sample.pdf", need: org.VerbRead, do: (*visit).sample},
	{pattern: "POST /settings/sample.pdf", need: org.VerbConfigure, do: (*visit).sampleOf, body: 2 * maxForm},
	{pattern: "GET /settings/picture/{which}", need: org.VerbRead, do: (*visit).picture},
	{pattern: "GET /settings/mail", need: org.VerbConfigure, do: (*visit).mailAccounts},
	{pattern: "POST /settings/mail", need: org.VerbConfigure, do: (*visit).saveMailAccount},
	{pattern: "POST /settings/mail/test", need: org.VerbConfigure, do: (*visit).testMailAccount},
	{pattern: "POST /settings/mail/delete", need: org.VerbConfigure, do: (*visit).deleteMailAccount},
	{pattern: "GET /settings/live", need: org.VerbRead, do: (*visit).live},
	{pattern: "POST /settings/live", need: org.VerbConfigure, do: (*visit).goLive},
	{pattern: "POST /settings/trial", need: org.VerbConfigure, do: (*visit).trialMailbox},
	{pattern: "GET /settings/users", need: org.VerbRead, do: (*visit).users},
	{pattern: "POST /settings/users", need: org.VerbConfigure, do: (*visit).addUser},
	{pattern: "POST /settings/users/portfolio", need: org.VerbConfigure, do: (*visit).setPortfolio},
	{pattern: "POST /settings/users/password", need: org.VerbConfigure, do: (*visit).setPassword},
	{pattern: "POST /settings/password", need: org.VerbRead, do: (*visit).ownPassword},
	{pattern: "POST /settings/users/remove", need: org.VerbConfigure, do: (*visit).removeUser},
	{pattern: "GET /settings/disputes", need: org.VerbRead, do: (*visit).disputeCategories},
	{pattern: "POST /settings/disputes", need: org.VerbScenario, do: (*visit).saveDisputeCategory},
	{pattern: "GET /settings/journal", need: org.VerbRead, do: (*visit).journal},
	{pattern: "POST /settings/journal", need: org.VerbRead, do: (*visit).verifyJournal},
}
