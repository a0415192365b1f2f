package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
	"golang.org/x/text/unicode/norm"

	"relance/internal/app"
	"relance/internal/domain/org"
	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
)

type initCmd struct {
	Code     string `placeholder:"CODE" help:"Short name of the company."`
	Name     string `help:"Name of the company."`
	Email    string `placeholder:"ADDRESS" help:"E-mail address of the first user, an administrator; trial messages go there."`
	Password string `env:"RELANCE_PASSWORD" placeholder:"PASSWORD" help:"Password of the first user, ten characters or more."`
	profileFlags
}

// Run creates the database, the company and the first user: by flags, or by questions when a
// person sits at the terminal.
func (q initCmd) Run(c *context) (err error) {
	ask := c.asker()
	if q.Name == "" {
		q.Name = ask(c.t("cmd.init.name"))
	}
	if q.Code == "" {
		q.Code = codeOf(q.Name)
	}
	if q.Email == "" {
		q.Email = ask(c.t("cmd.init.email"))
	}
	if q.Email != "" && q.Password == "" {
		p, err := c.askPassword()
		if err != nil {
			return err
		}
		q.Password = p
	}
	if q.Name == "" {
		return usage(fault.New(fault.Invalid, "cmd.init.missing"))
	}
	if q.Email != "" { // before anything is made: a second try would find the company there
		if err := app.CheckPerson(q.Email, q.Password); err != nil {
			return err
		}
	}
	a, closer, err := c.house(true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closer()) }()
	p := org.Profile{Name: q.Name, Language: string(i18n.FR), ChequeOrder: q.Name}
	if err := q.apply(&p); err != nil {
		return err
	}
	d, err := c.begin(a, q.Code, p)
	if err != nil {
		return err
	}
	if q.Email != "" {
		if _, err := d.AddUser(c.ctx, org.User{Name: "", Email: q.Email, Role: org.Admin}, q.Password); err != nil {
			return err
		}
		if err := d.SetTrialMailbox(c.ctx, q.Email); err != nil {
			return err
		}
	}
	return c.answer(map[string]any{"company": q.Code, "name": q.Name}, func(w io.Writer) { fmt.Fprintln(w, c.t("cmd.init.done", q.Code)) })
}

// begin makes the company, or names the one that an import began without a name when it is alone.
func (c *context) begin(a *app.App, code string, p org.Profile) (*app.Desk, error) {
	list, err := a.Companies(c.ctx)
	if err != nil {
		return nil, err
	}
	if len(list) == 1 && list[0].Profile.Name == "" {
		d := a.As(app.System(list[0].ID, machineUser()))
		return d, d.NameCompany(c.ctx, code, p)
	}
	co, err := a.CreateCompany(c.ctx, code, p)
	return a.As(app.System(co.ID, machineUser())), err
}

// ligatures are the letters that no decomposition opens.
var ligatures = strings.NewReplacer("Œ", "OE", "Æ", "AE")

// codeOf makes a short code of a name.
func codeOf(name string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(ligatures.Replace(strings.ToUpper(name))) { // É is an E and an accent
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			b.WriteRune(r)
		}
		if b.Len() == 12 {
			break
		}
	}
	if b.Len() == 0 {
		return "MAIN"
	}
	return b.String()
}

// asker asks a question when a person sits at the terminal; elsewhere every answer is empty.
func (c *context) asker() func(string) string {
	f, ok := c.in.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return func(string) string { return "" }
	}
	r := bufio.NewReader(f)
	return func(question string) string {
		fmt.Fprint(c.errOut, question, " ")
		line, err := r.ReadString('\n')
		if err != nil {
			return ""
		}
		return strings.TrimSpace(line)
	}
}

func (c *context) askPassword() (string, error) {
	return c.askHidden("cmd.init.ask-password", "cmd.init.password")
}

// askHidden asks for what must not be seen on the screen, when a person sits at the terminal;
// elsewhere it is an error that says which flag to give.
func (c *context) askHidden(question, lacks string) (string, error) {
	f, ok := c.in.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return "", usage(fault.New(fault.Invalid, lacks))
	}
	fmt.Fprint(c.errOut, c.t(question), " ")
	b, err := term.ReadPassword(int(f.Fd()))
	fmt.Fprintln(c.errOut)
	return string(b), err
}

type companyCmd struct {
	Show companyShow `cmd:"" default:"1" help:"What the company says of itself."`
	Set  companySet  `cmd:"" help:"Change it: letterhead, account, rules."`
	List companyList `cmd:"" help:"The companies of the database."`
}

type companyShow struct{}

// companyShape is a company as scripts read it; pictures are told by their size.
type companyShape struct {
	Code       string        `json:"code"`
	Name       string        `json:"name"`
	Live       cal.Date      `json:"live_on"`
	TrialTo    string        `json:"trial_to"`
	PaymentsOn cal.Date      `json:"payments_known_on"`
	Profile    org.Profile   `json:"profile"`
	Address    party.Address `json:"address"`
	Logo       int           `json:"logo_bytes"`
	Signature  int           `json:"signature_bytes"`

	PaymentsAge  int  `json:"payments_age"` // days after which payments count as unknown
	ThankYou     bool `json:"thank_you"`
	DiscountBP   int  `json:"discount_bp"`
	DiscountDays int  `json:"discount_days"`
}

// Run shows the company.
func (companyShow) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		co, err := d.Company(c.ctx)
		if err != nil {
			return err
		}
		doc := companyShape{co.Code, co.Profile.Name, co.LiveOn, co.TrialTo, co.PaymentsOn, co.Profile, co.Profile.Address,
			len(co.Profile.Logo), len(co.Profile.Signature), co.Profile.PaymentsMayBeOld(), co.Profile.ThankYou, co.Profile.DiscountBP, co.Profile.DiscountDays}
		doc.Profile.Logo, doc.Profile.Signature = nil, nil
		return c.answer(doc, func(w io.Writer) {
			b, err := json.MarshalIndent(doc, "", "  ")
			if err != nil {
				fmt.Fprintln(c.errOut, err)
				return
			}
			fmt.Fprintln(w, string(b))
		})
	})
}

type companySet struct {
	Name          *string  `help:"Name of the company."`
	TrialTo       *string  `placeholder:"ADDRESS" help:"Mailbox of trial mode."`
	PaymentsKnown cal.Date `placeholder:"DATE" help:"Payments are known up to this day."`
	profileFlags
}

// Run changes the profile.
func (q companySet) Run(c *context) error {
	return c.withDesk(true, func(d *app.Desk) error {
		co, err := d.Company(c.ctx)
		if err != nil {
			return err
		}
		p := co.Profile
		if q.Name != nil {
			p.Name = *q.Name
		}
		if err := q.apply(&p); err != nil {
			return err
		}
		if err := d.SetProfile(c.ctx, p); err != nil {
			return err
		}
		if q.TrialTo != nil {
			if err := d.SetTrialMailbox(c.ctx, *q.TrialTo); err != nil {
				return err
			}
		}
		if !q.PaymentsKnown.IsZero() {
			if err := d.SetPaymentsKnown(c.ctx, q.PaymentsKnown); err != nil {
				return err
			}
		}
		return c.done("cmd.company.saved")
	})
}

type companyList struct{}

// Run lists the companies.
func (companyList) Run(c *context) error {
	return c.withHouse(false, func(a *app.App) error {
		list, err := a.Companies(c.ctx)
		if err != nil {
			return err
		}
		doc := struct {
			Companies []map[string]any `json:"companies"`
		}{[]map[string]any{}}
		for _, co := range list {
			doc.Companies = append(doc.Companies, map[string]any{"code": co.Code, "name": co.Profile.Name, "live_on": co.LiveOn})
		}
		return c.answer(doc, func(w io.Writer) {
			for _, co := range list {
				fmt.Fprintln(w, co.Code, co.Profile.Name)
			}
		})
	})
}

type mailAccountCmd struct {
	Add  mailAccountAdd  `cmd:"" help:"Create or replace an account."`
	Test mailAccountTest `cmd:"" help:"Sign in to its server and leave."`
	List mailAccountList `cmd:"" default:"1" help:"The accounts."`
}

type mailAccountAdd struct {
	Name        string   `default:"main" help:"Name of the account."`
	Host        string   `required:"" help:"Mail server."`
	Port        int      `placeholder:"N" help:"Port (587 for starttls, 465 for tls, 25 for none)."`
	TLS         string   `name:"tls" enum:"starttls,tls,none" default:"starttls" help:"${enum}"`
	User        string   `help:"User to sign in as; none: no sign-in."`
	Password    string   `env:"RELANCE_SMTP_PASSWORD" placeholder:"PASSWORD" help:"Password; it is stored encrypted."`
	From        string   `required:"" placeholder:"ADDRESS" help:"Sender address."`
	FromName    string   `help:"Sender name (default: the company's)."`
	ReplyTo     string   `placeholder:"ADDRESS" help:"Where answers go."`
	Connections int      `placeholder:"N" help:"Connections held at once, by all the processes together (default 2)."`
	Rate        int      `placeholder:"N" help:"Messages a minute at most (default: no limit)."`
	Collector   []string `placeholder:"NAME,…" help:"Serve only the customers of these collectors."`
}

// Run saves the account.
func (q mailAccountAdd) Run(c *context) error {
	return c.withDesk(true, func(d *app.Desk) error {
		if err := d.AddMailAccount(c.ctx, app.MailAccount{Name: q.Name, Host: q.Host, Port: q.Port, TLS: q.TLS, User: q.User, Password: q.Password,
			From: q.From, FromName: q.FromName, ReplyTo: q.ReplyTo, Connections: q.Connections, Rate: q.Rate, Collectors: q.Collector}); err != nil {
			return err
		}
		return c.done("cmd.mail.saved", q.Name)
	})
}

type mailAccountTest struct {
	Name string `arg:"" optional:"" help:"Account (default: the first)."`
}

// Run signs in.
func (q mailAccountTest) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		if err := d.TestMailAccount(c.ctx, q.Name); err != nil {
			return err
		}
		return c.done("cmd.mail.works")
	})
}

type mailAccountList struct{}

// Run lists the accounts.
func (mailAccountList) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		list, err := d.MailAccounts(c.ctx)
		if err != nil {
			return err
		}
		doc := struct {
			Accounts []app.MailAccount `json:"accounts"`
		}{append([]app.MailAccount{}, list...)}
		return c.answer(doc, func(w io.Writer) {
			for _, a := range list {
				fmt.Fprintf(w, "%s  %s:%d (%s)  %s\n", a.Name, a.Host, a.Port, a.TLS, a.From)
			}
		})
	})
}

type userCmd struct {
	Add      userAdd      `cmd:"" help:"Create a person, or give a known one a role."`
	List     userList     `cmd:"" default:"1" help:"The people of the company."`
	Set      userSet      `cmd:"" help:"Say whose customers a person sees."`
	Password userPassword `cmd:"" help:"Give a new password; every device is signed out."`
	Remove   userRemove   `cmd:"" help:"Take a person's role away."`
}

type userAdd struct {
	Email     string   `arg:"" help:"E-mail address."`
	Name      string   `help:"Name."`
	Role      org.Role `enum:"admin,manager,accountant,collector,read-only" default:"collector" help:"${enum}"`
	Portfolio []string `placeholder:"NAME,…" help:"Sees only the customers of these collectors, as the files name them."`
	Password  string   `env:"RELANCE_PASSWORD" placeholder:"PASSWORD" help:"Password, ten characters or more."`
}

// Run adds a person.
func (q userAdd) Run(c *context) error {
	if q.Password == "" {
		p, err := c.askPassword()
		if err != nil {
			return err
		}
		q.Password = p
	}
	return c.withDesk(false, func(d *app.Desk) error {
		if _, err := d.AddUser(c.ctx, org.User{Name: q.Name, Email: q.Email, Role: q.Role, Portfolio: q.Portfolio}, q.Password); err != nil {
			return err
		}
		return c.done("cmd.user.added", q.Email, string(q.Role))
	})
}

type userSet struct {
	Email      string   `arg:"" help:"E-mail address."`
	Portfolio  []string `xor:"sees" required:"" placeholder:"NAME,…" help:"Sees only the customers of these collectors, as the files name them."`
	Everything bool     `xor:"sees" required:"" help:"Sees the whole company."`
}

// Run binds a person to a portfolio, or lets them out of it.
func (q userSet) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		if err := d.SetPortfolio(c.ctx, q.Email, q.Portfolio); err != nil {
			return err
		}
		if q.Everything {
			return c.done("cmd.user.everything", q.Email)
		}
		return c.done("cmd.user.portfolio", q.Email, strings.Join(q.Portfolio, ", "))
	})
}

type userList struct{}

// Run lists the people.
func (userList) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		list, err := d.Users(c.ctx)
		if err != nil {
			return err
		}
		doc := struct {
			Users []map[string]any `json:"users"`
		}{[]map[string]any{}}
		for _, u := range list {
			doc.Users = append(doc.Users, map[string]any{"email": u.Email, "name": u.Name, "role": u.Role, "bound": u.Bound, "portfolio": append([]string{}, u.Portfolio...)})
		}
		return c.answer(doc, func(w io.Writer) {
			for _, u := range list {
				fmt.Fprintf(w, "%s  %s  %s  %s\n", u.Email, u.Name, u.Role, strings.Join(u.Portfolio, ", "))
			}
		})
	})
}

type userPassword struct {
	Email    string `arg:"" help:"E-mail address."`
	Password string `env:"RELANCE_PASSWORD" placeholder:"PASSWORD" help:"New password."`
}

// Run changes a password.
func (q userPassword) Run(c *context) error {
	if q.Password == "" {
		p, err := c.askPassword()
		if err != nil {
			return err
		}
		q.Password = p
	}
	return c.withDesk(false, func(d *app.Desk) error {
		if err := d.SetPassword(c.ctx, q.Email, q.Password); err != nil {
			return err
		}
		return c.done("cmd.user.password")
	})
}

type userRemove struct {
	Email string `arg:"" help:"E-mail address."`
}

// Run removes a role.
func (q userRemove) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		if err := d.RemoveUser(c.ctx, q.Email); err != nil {
			return err
		}
		return c.done("cmd.user.removed", q.Email)
	})
}
