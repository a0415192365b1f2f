package web

import (
	"relance/internal/app"
	"relance/internal/domain/dunning"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
)

// chequeForm is the lettre de désistement of a cheque as its form begins.
type chequeForm struct {
	Offered bool // a cheque was announced: whether it came is not known, or it is known that it did not
	Amount  string
	Sent    cal.Date
}

// cheque looks for a cheque that was announced, held for or asked about.
func (v *visit) cheque(a *app.Account) (f chequeForm) {
	for _, t := range a.Tasks {
		f.Offered = f.Offered || t.Kind == dunning.TaskCheque
	}
	for _, h := range a.Holds {
		if h.Reason != dunning.HoldCheque {
			continue
		}
		f.Offered, f.Sent = true, h.From
		if h.Amount > 0 {
			f.Amount = i18n.Decimal(v.lang, money.Of(h.Amount, v.owedIn(a.Customer.Code)))
		}
	}
	return f
}

// owedIn is the currency that a customer owes most in, the euro when it owes nothing.
func (v *visit) owedIn(code string) money.Currency {
	if owed, err := v.desk.Owed(v.r.Context(), code, ""); err == nil {
		return owed.Currency
	}
	return money.EUR
}

// withdraw writes the lettre de désistement of a cheque that never came; it waits to be approved.
func (v *visit) withdraw() error {
	return v.gesture("withdrawal", "web.done.withdrawal", func(code string) error {
		sent, err := v.day("sent", true)
		if err != nil {
			return err
		}
		c := v.owedIn(code)
		n, err := v.amount("amount", c)
		if err != nil {
			return err
		}
		return v.desk.OfferWithdrawal(v.r.Context(), app.Withdrawal{Customer: code, Cheque: v.text("cheque"), Amount: money.Of(n, c), Sent: sent})
	})
}
