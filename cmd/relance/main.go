package main

import (
	gocontext "context"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"relance/internal/ground/i18n"
)

// cli is the command line: the flags that every subcommand shares, then one line a subcommand.
type cli struct {
	DB      string `name:"db" env:"RELANCE_DB" placeholder:"URL" help:"Database: sqlite:PATH or postgres://… (default: a file in the user's data folder)."`
	Company string `placeholder:"CODE" help:"Company to work in, when there are several."`
	JSON    bool   `name:"json" help:"Write one JSON document on the standard output."`
	Lang    string `enum:"fr,en," default:"" placeholder:"fr|en" help:"Language of messages (default: from LC_ALL or LANG)."`

	Calc calcCmd `cmd:"" help:"Legal calculators, without a database."`
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
	Lang    i18n.Lang
}

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// run is the whole program: 0 done, 1 failed, 2 wrong usage.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(gocontext.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	c := &context{ctx: ctx, in: stdin, out: stdout, errOut: stderr}
	c.JSON, c.Lang = glance(args)

	var flags cli
	helped := -1 // --help answers by itself, then asks to leave
	parser, err := kong.New(&flags, kong.Name("relance"), kong.UsageOnError(),
		kong.Description("Relance gets French businesses paid: reminders, penalties, proofs."),
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
		return c.fail(usage(err))
	}
	c.JSON, c.DB, c.Company = flags.JSON, flags.DB, flags.Company
	if err := chosen.Run(c); err != nil {
		return c.fail(err)
	}
	return 0
}
