package web

import (
	"strconv"

	"relance/internal/app"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
	"relance/internal/page"
)

// openInsolvency is the insolvency of an account that is not closed, if any.
func openInsolvency(a *app.Account) *app.OpenProcedure {
	for i := len(a.Insolvencies) - 1; i >= 0; i-- {
		if a.Insolvencies[i].ClosedOn.IsZero() {
			return a.Insolvencies[i]
		}
	}
	return nil
}

// procedures are the kinds of insolvency, for a form.
func (v *visit) procedures() (list []page.Option) {
	for _, k := range []string{"sauvegarde", "redressement", "liquidation"} {
		list = append(list, page.Option{Value: k, Label: i18n.T(v.lang, "web.insolvency."+k)})
	}
	return list
}

func (v *visit) openInsolvency() error {
	return v.gesture("insolvency", "web.done.insolvency", func(code string) error {
		judgment, err := v.day("judgment", true)
		if err != nil {
			return err
		}
		published, err := v.day("published", false)
		if err != nil {
			return err
		}
		return v.desk.OpenInsolvency(v.r.Context(), app.Insolvency{Customer: code, Kind: v.text("kind"), Judgment: judgment, Published: published,
			Court: v.text("court"), Mandatary: v.text("mandatary"), Administrator: v.text("administrator")})
	})
}

func (v *visit) publishInsolvency() error {
	return v.gesture("publish", "web.done.published", func(code string) error {
		on, err := v.day("published", true)
		if err != nil {
			return err
		}
		return v.desk.PublishInsolvency(v.r.Context(), code, on)
	})
}

func (v *visit) declareClaim() error {
	return v.gesture("declare", "web.done.declared", func(code string) error {
		on, err := v.day("on", false)
		if err != nil {
			return err
		}
		return v.desk.DeclareClaim(v.r.Context(), code, on)
	})
}

func (v *visit) closeInsolvency() error {
	return v.gesture("close-insolvency", "web.done.insolvency-closed", func(code string) error { return v.desk.CloseInsolvency(v.r.Context(), code, v.text("why")) })
}

// days reads a number of days, 0 when nothing is typed.
func (v *visit) days(name string) (int, error) {
	s := v.text(name)
	if s == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0, wrong(name, "web.insurance.days")
	}
	return n, nil
}

// policyForm is a credit insurance as its form shows it.
type policyForm struct {
	Insurer, Policy, Cover, Extension, Declare string
	Ends                                       cal.Date
}

func (v *visit) policy(i *app.CreditInsurance) policyForm {
	if i == nil {
		return policyForm{}
	}
	return policyForm{i.Insurer, i.Policy, i18n.Decimal(v.lang, i.Cover), strconv.Itoa(i.ExtensionDays), strconv.Itoa(i.DeclareDays), i.EndsOn}
}

func (v *visit) saveInsurance() error {
	return v.gesture("insurance", "web.done.insurance", func(code string) error {
		if v.text("insurer") == "" {
			return wrong("insurer", "web.insurance.insurer.missing")
		}
		x := app.CreditInsurance{Insurer: v.text("insurer"), Policy: v.text("policy")}
		c := money.EUR
		old, err := v.desk.Insurance(v.r.Context(), code)
		if err == nil {
			c = old.Cover.Currency
		} else if fault.Key(err) != "app.insurance.none" {
			return err
		}
		n, err := v.amount("cover", c)
		if err != nil {
			return err
		}
		x.Cover = money.Of(n, c)
		if x.ExtensionDays, err = v.days("extension"); err != nil {
			return err
		}
		if x.DeclareDays, err = v.days("declare-days"); err != nil {
			return err
		}
		if x.EndsOn, err = v.day("ends", false); err != nil {
			return err
		}
		return v.desk.SetInsurance(v.r.Context(), code, &x)
	})
}

func (v *visit) removeInsurance() error {
	return v.gesture("insurance-remove", "web.done.insurance-removed", func(code string) error { return v.desk.SetInsurance(v.r.Context(), code, nil) })
}

func (v *visit) declareInsurance() error {
	return v.gesture("insurance-declare", "web.done.insurance-declared", func(code string) error { return v.desk.DeclareInsurance(v.r.Context(), code) })
}

// setOff settles a debt against what is owed to the customer as a supplier.
func (v *visit) setOff() error {
	return v.gesture("set-off", "web.done.set-off", func(string) error {
		invoice := v.text("invoice")
		c, err := v.currencyOf(invoice)
		if err != nil {
			return err
		}
		n, err := v.amount("amount", c)
		if err != nil {
			return err
		}
		return v.desk.SetOff(v.r.Context(), invoice, 0, n, v.text("why"))
	})
}
