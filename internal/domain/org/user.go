package org

import "relance/internal/ground/id"

// Role is what a person may do in a company.
type Role string

// The roles, from most to least.
const (
	Admin      Role = "admin"
	Manager    Role = "manager"    // sets scenarios, goes live
	Accountant Role = "accountant" // imports, posts payments
	Collector  Role = "collector"  // runs, approves, holds
	ReadOnly   Role = "read-only"
)

// Roles lists every role.
var Roles = []Role{Admin, Manager, Accountant, Collector, ReadOnly}

// Verb is a family of changes.
type Verb string

// The families.
const (
	VerbRead      Verb = "read"
	VerbImport    Verb = "import"  // take files in, post payments, say what a bank line pays
	VerbCollect   Verb = "collect" // run, approve, skip, hold, promise, dispute
	VerbScenario  Verb = "scenario"
	VerbConfigure Verb = "configure"
)

var allowed = map[Role]map[Verb]bool{
	Admin:      {VerbRead: true, VerbImport: true, VerbCollect: true, VerbScenario: true, VerbConfigure: true},
	Manager:    {VerbRead: true, VerbCollect: true, VerbScenario: true},
	Accountant: {VerbRead: true, VerbImport: true},
	Collector:  {VerbRead: true, VerbCollect: true},
	ReadOnly:   {VerbRead: true},
}

// May tells whether a role allows a verb (story 5: three people, none does another's work).
func (r Role) May(v Verb) bool { return allowed[r][v] }

// Boundable tells whether a person of the role may be bound to a portfolio: who brings files in, posts payments
// or sets the rules needs the whole ledger.
func (r Role) Boundable() bool { return r == Collector || r == ReadOnly }

// User is a person at the desk.
type User struct {
	ID    id.User
	Name  string
	Email string
	Role  Role // in the company at hand
	// Bound says that the person sees the customers of the portfolio alone; Portfolio names their collectors.
	Bound     bool
	Portfolio []string
}
