package web

import (
	"io"
	"net/http"
	"strconv"
	"strings"

	"relance/internal/domain/org"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
	"relance/internal/page"
)

type settingsPage struct {
	page.Frame
	Profile   org.Profile
	Capital   string
	Code      string
	Tab       []page.Chip
	Calendars []page.Option
	Scenarios []page.Option

	PaymentsAge, Discount, DiscountDays string // as they are typed; "" where none is set
}

// sections are the pages of the settings.
func (v *visit) sections(on string) []page.Chip {
	var out []page.Chip
	for _, s := range []struct{ path, key string }{{"/settings", "web.settings.company"}, {"/settings/mail", "web.settings.mail"},
		{"/settings/live", "web.settings.live"}, {"/settings/users", "web.settings.users"}, {"/settings/disputes", "web.settings.disputes"}, {"/settings/journal", "web.settings.journal"}} {
		if s.path == "/settings/mail" && !v.may(org.VerbConfigure) {
			continue
		}
		out = append(out, page.Chip{Label: i18n.T(v.lang, s.key), Path: s.path, On: s.path == on})
	}
	return out
}

func (v *visit) settings() error {
	c, err := v.desk.Company(v.r.Context())
	if err != nil {
		return err
	}
	p := settingsPage{Profile: c.Profile, Code: c.Code, Tab: v.sections("/settings")}
	if c.Profile.Capital > 0 {
		p.Capital = strings.TrimSuffix(i18n.Decimal(v.lang, money.Euros(c.Profile.Capital)), ",00")
	}
	p.PaymentsAge, p.DiscountDays = typed(c.Profile.PaymentsAge), typed(c.Profile.DiscountDays)
	if c.Profile.DiscountBP > 0 {
		p.Discount = i18n.Decimal(v.lang, money.Euros(int64(c.Profile.DiscountBP)))
	}
	for _, k := range cal.Calendars() {
		p.Calendars = append(p.Calendars, page.Option{Value: k.String(), Label: i18n.T(v.lang, "web.calendar."+k.String())})
	}
	list, err := v.desk.ScenarioNames(v.r.Context())
	if err != nil {
		return err
	}
	for i, s := range list {
		p.Scenarios = append(p.Scenarios, page.Option{Value: s.Name, Label: v.scenarioTitle(s)})
		if i == 0 {
			p.Profile.Scenario = s.Name // the default: what is followed where none was chosen
		}
	}
	p.Frame = v.frame("/settings", i18n.T(v.lang, "web.settings"))
	return v.render("settings", p)
}

// profile reads the letterhead's form over what is kept: what the form does not hold stays.
func (v *visit) profile() (org.Profile, error) {
	c, err := v.desk.Company(v.r.Context())
	if err != nil {
		return org.Profile{}, err
	}
	p := c.Profile
	logo, _, err := v.upload("logo") // reads the form too
	if err != nil {
		return p, err
	}
	signature, _, err := v.upload("signature")
	if err != nil {
		return p, err
	}
	for _, f := range []struct {
		name string
		to   *string
	}{{"name", &p.Name}, {"legal_form", &p.LegalForm}, {"siren", &p.SIREN}, {"vat", &p.VAT}, {"rcs", &p.RCSCity}, {"phone", &p.Phone}, {"email", &p.Email},
		{"website", &p.Website}, {"iban", &p.IBAN}, {"bic", &p.BIC}, {"bank", &p.Bank}, {"cheque_order", &p.ChequeOrder}, {"signatory", &p.SignatoryName},
		{"signatory_role", &p.SignatoryRole}, {"color", &p.Color}, {"contact", &p.ContactName}, {"mediator", &p.Mediator}, {"terms", &p.DefaultTerms},
		{"rate", &p.PenaltyRate}, {"scenario", &p.Scenario}, {"from", &p.WindowFrom}, {"to", &p.WindowTo}, {"pay_url", &p.PayURL}} {
		*f.to = v.text(f.name)
	}
	p.LegalMentions = lines(v.text("mentions"))
	p.Address = v.address("")
	p.ChequeAddress = v.address("cheque_")
	p.SIREN = strings.ReplaceAll(p.SIREN, " ", "")
	if p.Calendar, err = cal.ParseCalendar(v.text("calendar")); err != nil {
		return p, err
	}
	if p.Capital, err = v.amount("capital", money.EUR); err != nil {
		return p, err
	}
	if err := v.paymentRules(&p); err != nil {
		return p, err
	}
	p.Logo = picture(p.Logo, logo, v.text("no_logo") != "")
	p.Signature = picture(p.Signature, signature, v.text("no_signature") != "")
	return p, nil
}

// paymentRules reads what the company says of payments: how old their data may be, thanks, the discount.
func (v *visit) paymentRules(p *org.Profile) error {
	for _, f := range []struct {
		name string
		to   *int
	}{{"payments_age", &p.PaymentsAge}, {"discount_days", &p.DiscountDays}} {
		*f.to = 0
		if s := v.text(f.name); s != "" {
			n, err := strconv.Atoi(s)
			if err != nil || n < 0 || n > 365 {
				return wrong(f.name, "web.settings.days")
			}
			*f.to = n
		}
	}
	bp, err := v.amount("discount", money.EUR) // percents with two decimals: basis points
	if err != nil {
		return err
	}
	if bp < 0 || bp > maxDiscount {
		return wrong("discount", "web.settings.discount.most")
	}
	p.DiscountBP, p.ThankYou = int(bp), v.text("thanks") != ""
	return nil
}

// typed is a number as a form holds it; none is an empty field.
func typed(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// maxDiscount is the highest discount for early payment, basis points.
const maxDiscount = 5000

func picture(held, given []byte, drop bool) []byte {
	switch {
	case len(given) > 0:
		return given
	case drop:
		return nil
	}
	return held
}

func (v *visit) saveSettings() error {
	p, err := v.profile()
	if err == nil {
		err = v.desk.SetProfile(v.r.Context(), p)
	}
	if err != nil {
		return v.again(err, "company", v.settings)
	}
	v.done("web.done.settings")
	return v.redirect("/settings")
}

// sample prints the letterhead as it is kept.
func (v *visit) sample() error {
	c, err := v.desk.Company(v.r.Context())
	if err != nil {
		return err
	}
	return v.samplePDF(c.Profile)
}

// sampleOf prints the letterhead as the form has it, kept or not.
func (v *visit) sampleOf() error {
	p, err := v.profile()
	if err == nil {
		err = v.samplePDF(p)
	}
	if fault.Of(err) == fault.Invalid {
		h := v.w.Header()
		h.Set("Content-Security-Policy", framed)
		h.Set("Content-Type", "text/plain; charset=utf-8")
		v.w.WriteHeader(http.StatusUnprocessableEntity)
		_, _ = io.WriteString(v.w, i18n.Error(v.lang, err)) // a reader who left is no fault of ours
		return nil
	}
	return err
}

func (v *visit) samplePDF(p org.Profile) error {
	if p.Name == "" {
		p.Name = i18n.T(v.lang, "web.settings.unnamed")
	}
	b, err := v.desk.SampleLetter(v.r.Context(), p, v.lang)
	if err != nil {
		return err
	}
	return v.pdf(b, "relance.pdf")
}

// picture answers the logo or the signature.
func (v *visit) picture() error {
	c, err := v.desk.Company(v.r.Context())
	if err != nil {
		return err
	}
	b := map[string][]byte{"logo": c.Profile.Logo, "signature": c.Profile.Signature}[v.r.PathValue("which")]
	if len(b) == 0 {
		return fault.New(fault.NotFound, "web.error.no-page")
	}
	h := v.w.Header()
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Content-Type", http.DetectContentType(b))
	_, _ = v.w.Write(b) // a reader who left is no fault of ours
	return nil
}

type usersPage struct {
	page.Frame
	Tab   []page.Chip
	Users []org.User
	Roles []page.Option
	Bound []page.Option // those who may be bound to a portfolio
	Known string        // the collectors whom customers name
}

func (v *visit) users() error {
	list, err := v.desk.Users(v.r.Context())
	if err != nil {
		return err
	}
	p := usersPage{Tab: v.sections("/settings/users"), Users: list}
	for _, u := range list {
		if u.Role.Boundable() {
			p.Bound = append(p.Bound, page.Option{Value: u.Email, Label: u.Name + " · " + u.Email})
		}
	}
	known, err := v.desk.Collectors(v.r.Context())
	if err != nil {
		return err
	}
	p.Known = strings.Join(known, " · ")
	for _, r := range org.Roles {
		p.Roles = append(p.Roles, page.Option{Value: string(r), Label: i18n.T(v.lang, "web.right."+string(r))})
	}
	p.Frame = v.frame("/settings", i18n.T(v.lang, "web.settings.users"))
	return v.render("settings-users", p)
}

// onUsers does something to the people of the company; passwords never come back to a form.
func (v *visit) onUsers(form, key string, do func() error) error {
	err := do()
	if err != nil {
		v.r.PostForm.Del("password")
		return v.again(err, form, v.users)
	}
	v.done(key)
	return v.redirect("/settings/users")
}

func (v *visit) addUser() error {
	return v.onUsers("user", "web.done.user", func() error {
		_, err := v.desk.AddUser(v.r.Context(), org.User{Name: v.text("name"), Email: v.text("email"), Role: org.Role(v.text("role")), Portfolio: v.lines("portfolio")}, v.r.PostFormValue("password"))
		return err
	})
}

// setPortfolio says whose customers a person sees.
func (v *visit) setPortfolio() error {
	return v.onUsers("portfolio", "web.done.portfolio", func() error {
		return v.desk.SetPortfolio(v.r.Context(), v.text("email"), v.lines("portfolio"))
	})
}

func (v *visit) setPassword() error {
	return v.onUsers("password", "web.done.password", func() error {
		return v.desk.SetPassword(v.r.Context(), v.text("email"), v.r.PostFormValue("password"))
	})
}

func (v *visit) removeUser() error {
	return v.onUsers("remove", "web.done.user-removed", func() error { return v.desk.RemoveUser(v.r.Context(), v.text("email")) })
}
