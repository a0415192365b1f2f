package id

// One type for each aggregate; zero is "none".
type (
	Company     int64
	User        int64
	Customer    int64
	Contact     int64
	Invoice     int64
	Instalment  int64
	Payment     int64
	Hold        int64
	Message     int64
	Task        int64
	Import      int64
	Scenario    int64 // one immutable version of a scenario
	MailAccount int64
	Statement   int64 // of a bank account
	Line        int64 // of a bank statement
	Plan        int64 // of payments
	Dispute     int64
	Question    int64
)
