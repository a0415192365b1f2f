package web

import (
	"relance/internal/app"
	"relance/internal/domain/dunning"
	"relance/internal/domain/party"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

// gesture does something to a customer and comes back to where it was asked: the customer's page,
// or the invoice's. A refusal shows that page again with what was typed.
func (v *visit) gesture(form, key string, do func(code string) error) error {
	code := v.r.PathValue("code")
	invoice := v.text("page")
	if err := do(code); err != nil {
		return v.again(err, form, func() error {
			if invoice != "" {
				return v.invoicePage(invoice)
			}
			return v.customerPage(code)
		})
	}
	v.done(key)
	if invoice != "" {
		return v.redirect("/invoices/" + seg(invoice))
	}
	return v.redirect("/customers/" + seg(code))
}

// currencyOf is the currency in which amounts about an invoice are typed.
func (v *visit) currencyOf(number string) (money.Currency, error) {
	if number == "" {
		return money.EUR, nil
	}
	w, err := v.desk.Why(v.r.Context(), number, 0)
	if err != nil {
		return money.EUR, err
	}
	return w.Doc.Currency, nil
}

func (v *visit) hold() error {
	return v.gesture("hold", "web.done.held", func(code string) error {
		until, err := v.day("until", false)
		if err != nil {
			return err
		}
		_, err = v.desk.AddHold(v.r.Context(), app.HoldDraft{Customer: code, Invoice: v.text("invoice"), Reason: dunning.HoldReason(v.text("reason")),
			Until: until, Why: v.text("why")})
		return err
	})
}

func (v *visit) promise() error {
	return v.gesture("promise", "web.done.promise", func(code string) error {
		on, err := v.day("on", true)
		if err != nil {
			return err
		}
		invoice := v.text("invoice")
		c, err := v.currencyOf(invoice)
		if err != nil {
			return err
		}
		n, err := v.amount("amount", c)
		if err != nil {
			return err
		}
		_, err = v.desk.AddPromise(v.r.Context(), app.Promise{Customer: code, Invoice: invoice, On: on, Amount: n, Why: v.text("why")})
		return err
	})
}

func (v *visit) dispute() error {
	return v.gesture("dispute", "web.done.dispute", func(string) error {
		invoice := v.text("invoice")
		if invoice == "" {
			return fault.New(fault.Invalid, "app.dispute.invoice")
		}
		c, err := v.currencyOf(invoice)
		if err != nil {
			return err
		}
		n, err := v.amount("amount", c)
		if err != nil {
			return err
		}
		_, err = v.desk.OpenDispute(v.r.Context(), app.Dispute{Invoice: invoice, Amount: n, Category: v.text("category"), Why: v.text("why"),
			Tell: v.text("tell") != ""})
		return err
	})
}

func (v *visit) closeDispute() error {
	return v.gesture("dispute", "web.done.dispute-closed", func(string) error {
		_, err := v.desk.CloseDispute(v.r.Context(), v.text("invoice"), app.Ending{Outcome: v.text("outcome"), Cause: v.text("cause"), Why: v.text("why")})
		return err
	})
}

// readAnswer reads what the customer said.
func (v *visit) readAnswer() (app.Answer, error) {
	a := app.Answer{Kind: app.AnswerKind(v.text("kind")), Invoice: v.text("invoice"), Why: v.text("why")}
	if a.Kind == app.AnswerWillPay {
		on, err := v.day("on", true)
		if err != nil {
			return a, err
		}
		a.On = on
	}
	c, err := v.currencyOf(a.Invoice)
	if err != nil {
		return a, err
	}
	a.Amount, err = v.amount("amount", c)
	return a, err
}

func (v *visit) answerCustomer() error {
	return v.gesture("answer", "web.done.answer", func(code string) error {
		a, err := v.readAnswer()
		if err != nil {
			return err
		}
		a.Customer = code
		return v.desk.Answer(v.r.Context(), a)
	})
}

func (v *visit) qualify() error {
	return v.gesture("qualify", "web.done.qualified", func(code string) error {
		return v.desk.Qualify(v.r.Context(), code, party.Kind(v.text("kind")))
	})
}

func (v *visit) confirmTerms() error {
	return v.gesture("terms", "web.done.terms", func(code string) error {
		return v.desk.ConfirmTerms(v.r.Context(), code, v.text("terms"))
	})
}

func (v *visit) editCustomer() error {
	return v.gesture("edit", "web.done.customer", func(code string) error {
		return v.desk.EditCustomer(v.r.Context(), code, app.CustomerEdit{Name: v.text("name"), LegalName: v.text("legal_name"), Email: v.text("email"),
			Phone: v.text("phone"), Language: v.text("language"), Collector: v.text("collector"),
			Address: v.address(""), Registered: v.address("registered_")})
	})
}

// address reads the four fields of a postal address.
func (v *visit) address(prefix string) party.Address {
	return party.Address{Lines: lines(v.text(prefix + "lines")), Postcode: v.text(prefix + "postcode"), City: v.text(prefix + "city"), Country: v.text(prefix + "country")}
}

func (v *visit) saveContact() error {
	return v.gesture("contact", "web.done.contact", func(code string) error {
		k := party.Contact{Name: v.text("name"), Role: party.Role(v.text("role")), Email: v.text("email"), Phone: v.text("phone")}
		if s := v.text("contact"); s != "" {
			n, err := parseID(s)
			if err != nil {
				return err
			}
			k.ID = id.Contact(n)
		}
		if k.Email == "" && k.Phone == "" {
			return wrong("email", "web.form.contact")
		}
		return v.desk.SaveContact(v.r.Context(), code, k)
	})
}

func (v *visit) assignScenario() error {
	return v.gesture("scenario", "web.done.scenario", func(code string) error {
		return v.desk.AssignScenario(v.r.Context(), code, v.text("scenario"))
	})
}

// statement prints the statement of account.
func (v *visit) statement() error {
	code := v.r.PathValue("code")
	pdf, err := v.desk.StatementPDF(v.r.Context(), code, 0)
	if err != nil {
		return err
	}
	return v.pdf(pdf, "releve-"+code+".pdf")
}
