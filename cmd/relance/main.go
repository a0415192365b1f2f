package main

import (
	gocontext "context"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"relance/internal/app"
	"relance/internal/ground/i18n"
	"relance/internal/ground/watch"
)

// cli is the command line: the flags that every subcommand shares, then one line a subcommand.
type cli struct {
	DB      string `name:"db" env:"RELANCE_DB" placeholder:"URL" help:"Database: sqlite:PATH or postgres://… (default: a file in the user's data folder)."`
	Company string `placeholder:"CODE" help:"Company to work in, when there are several."`
	JSON    bool   `name:"json" help:"Write one JSON document on the standard output."`
	Lang    string `enum:"fr,en," default:"" placeholder:"fr|en" help:"Language of messages (default: from LC_ALL or LANG)."`

	As string `env:"RELANCE_AS" placeholder:"EMAIL" help:"Act as this user, with this user's rights (default: the owner of the machine)."`

	LogFormat string `env:"RELANCE_LOG_FORMAT" enum:"text,json" default:"text" placeholder:"text|json" help:"Form of the log, on the standard error."`
	LogLevel  string `env:"RELANCE_LOG_LEVEL" enum:"debug,info,warn,error," default:"" placeholder:"LEVEL" help:"What the log tells: debug, info, warn or error (default: info for serve, else warn)."`

	Init        initCmd        `cmd:"" group:"start" help:"Create the database, the company and the first user."`
	Import      importCmd      `cmd:"" group:"start" help:"Bring files in: invoices, customers, contacts, payments, bank statements, ledgers."`
	CompanySet  companyCmd     `cmd:"" name:"company" group:"start" help:"What the company says of itself: letterhead, account, rules."`
	MailAccount mailAccountCmd `cmd:"" group:"start" help:"How messages leave."`
	GoLive      goLiveCmd      `cmd:"" group:"start" help:"End trial mode."`

	Plan      planCmd       `cmd:"" group:"day" help:"What would leave on a day and why the rest would not; changes nothing."`
	Simulate  simulateCmd   `cmd:"" group:"day" help:"The days to come, as if every planned step left; changes nothing."`
	Run       runCmd        `cmd:"" group:"day" help:"The daily run: decide, queue, send what is automatic."`
	Outbox    outboxCmd     `cmd:"" group:"day" help:"The approval queue and the messages under way."`
	Why       whyCmd        `cmd:"" group:"day" help:"Where an invoice stands, what comes next and why."`
	Task      taskCmd       `cmd:"" group:"day" help:"What people have to do."`
	Hold      holdCmd       `cmd:"" group:"day" help:"Stop and resume reminders."`
	Bank      bankCmd       `cmd:"" group:"day" help:"The lines of bank statements: what they pay, what awaits an answer."`
	Payment   paymentCmd    `cmd:"" group:"day" help:"Payments by hand: what they settle, what comes back."`
	Refund    refundCmd     `cmd:"" group:"day" help:"Money given back to a customer who has a credit."`
	Credit    creditCmd     `cmd:"" group:"day" help:"What credit notes settle."`
	WriteOff  writeOffCmd   `cmd:"" group:"day" help:"Give up a debt, or a part of it, with a reason."`
	SetOff    setOffCmd     `cmd:"" group:"day" help:"Settle a debt against what the customer is owed as a supplier."`
	Promise   promiseCmd    `cmd:"" group:"day" help:"Promises to pay and plans of payments."`
	Dispute   disputeCmd    `cmd:"" group:"day" help:"Contested amounts."`
	Call      callCmd       `cmd:"" group:"day" help:"Phone calls: what to know before, what came of them."`
	Insolvent insolvencyCmd `cmd:"" name:"insolvency" group:"day" help:"Safeguard, reorganisation, liquidation of a customer."`
	Insurance insuranceCmd  `cmd:"" group:"day" help:"Credit insurance of customers."`
	Customer  customerCmd   `cmd:"" group:"day" help:"Qualify a customer, confirm its terms."`
	Scenario  scenarioCmd   `cmd:"" group:"day" help:"Scenarios as YAML."`

	Statement statementCmd `cmd:"" group:"paper" help:"Statement of account of a customer."`
	Penalties penaltiesCmd `cmd:"" group:"paper" help:"Late payment interest and compensation of an invoice."`
	Letter    letterCmd    `cmd:"" group:"paper" help:"The message of a step, as text, mail or letter."`
	Report    reportCmd    `cmd:"" group:"paper" help:"Figures."`
	Charge    chargeCmd    `cmd:"" group:"paper" help:"What late payments bear: claimed by a note de débit, or waived."`
	Entry     entryCmd     `cmd:"" group:"day" help:"Where old debts enter their scenarios."`
	Calc      calcCmd      `cmd:"" group:"paper" help:"Legal calculators, without a database."`
	Journal   journalCmd   `cmd:"" group:"paper" help:"The audit trail: list, verify."`

	Demo       demoCmd       `cmd:"" group:"start" help:"A living example company, with its mailbox and a clock to move."`
	Serve      serveCmd      `cmd:"" group:"house" help:"The desk, and the background work."`
	User       userCmd       `cmd:"" group:"house" help:"People and their roles."`
	Key        keyCmd        `cmd:"" group:"house" help:"The key of stored passwords."`
	Backup     backupCmd     `cmd:"" group:"house" help:"Write everything into one file, while others work."`
	Restore    restoreCmd    `cmd:"" group:"house" help:"Read a backup into an empty database, or check it."`
	Move       moveCmd       `cmd:"" group:"house" help:"Bring everything to another database, SQLite or PostgreSQL."`
	Migrate    migrateCmd    `cmd:"" group:"house" help:"Bring the database's schema up to date."`
	Doctor     doctorCmd     `cmd:"" group:"house" help:"Look at what a working installation needs."`
	Config     configCmd     `cmd:"" group:"house" help:"Every setting, its value and where it comes from."`
	Completion completionCmd `cmd:"" group:"house" help:"Completion script for a shell."`
}

// context is what a subcommand is given: where to read and write, and the shared flags.
type context struct {
	ctx     gocontext.Context // ends when the person interrupts the program
	in      io.Reader
	out     io.Writer // the answer, and nothing else
	errOut  io.Writer // messages and progress
	JSON    bool
	DB      string // "" for the default file
	Company string // "" when there is one
	As      string // e-mail address of the user to act as, "" for the machine's owner
	Lang    i18n.Lang

	logFormat  string
	level      *slog.LevelVar
	levelGiven bool // by the person
	watchers   []watch.Watcher
	dns        resolver // nil is the system's
}

// The machine's clock, and how long its work may be silent. The tests that kill the true program put it on others.
var (
	clock = time.Now
	pace  app.Pace
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// run is the whole program: 0 done, 1 failed, 2 wrong usage.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(gocontext.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	gocontext.AfterFunc(ctx, stop) // the first signal asks to leave in order, the second leaves at once
	c := &context{ctx: ctx, in: stdin, out: stdout, errOut: stderr, level: &slog.LevelVar{}}
	c.JSON, c.Lang = glance(args)

	var flags cli
	helped := -1 // --help answers by itself, then asks to leave
	parser, err := kong.New(&flags, kong.Name("relance"), kong.UsageOnError(), kong.Vars{"causes": causes},
		kong.Description("Relance gets French businesses paid: reminders, penalties, proofs."),
		kong.ExplicitGroups([]kong.Group{{Key: "start", Title: "To begin"}, {Key: "day", Title: "Day by day"},
			{Key: "paper", Title: "Documents and figures"}, {Key: "house", Title: "Running it"}}),
		kong.Writers(stdout, stderr), kong.ConfigureHelp(kong.HelpOptions{Compact: true, FlagsLast: true}),
		kong.Exit(func(code int) { helped = code }))
	if err != nil {
		return c.fail(err)
	}
	chosen, err := parser.Parse(args)
	if helped >= 0 {
		return helped
	}
	if err != nil {
		return c.fail(usage(parserSays(c.Lang, err)))
	}
	if err := givenTwice(chosen); err != nil {
		return c.fail(usage(err))
	}
	c.JSON, c.DB, c.Company, c.As = flags.JSON, flags.DB, flags.Company, flags.As
	c.observe(flags.LogFormat, flags.LogLevel)
	defer c.traced()()
	if err := chosen.Run(c); err != nil {
		return c.fail(err)
	}
	return 0
}
