package i18n

import (
	"errors"
	"fmt"

	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/money"
)

// Text is one message in each language. Arguments are fmt verbs (%s, %d, %[2]s); dates, amounts
// and rates are written in the language before they reach the verb, so theirs is %s. Where One
// texts are given, the first int argument chooses: French counts 0 and 1 as one, English 1 only.
type Text struct {
	FR, EN       string
	FROne, ENOne string
}

// Messages maps keys such as "import.date.impossible" to their texts.
type Messages map[string]Text

// catalogues is the one list of message tables.
var catalogues = []Messages{
	common,
	letterMessages,
	engine,
	lawMessages,
	rateMessages,
	storeMessages,
	houseMessages,
	deskMessages,
	commandMessages,
	commandMoney,
	commandHouse,
	gatewayMessages,
	inputMessages,
	importMessages,
	webMessages,
	webCustomer,
	webOutbox,
	webSettings,
	webScenario,
	webBank,
	webCall,
	webFigures,
	webInsolvency,
	webEntry,
	bankMessages,
	statementMessages,
	matchMessages,
	cashMessages,
	reportMessages,
}

var all = func() Messages {
	m := Messages{}
	for _, c := range catalogues {
		for k, t := range c {
			if _, twice := m[k]; twice {
				panic("i18n: message " + k + " is written twice")
			}
			m[k] = t
		}
	}
	return m
}()

// T says message key in language l. A key that is missing is shown as it is: visible, harmless,
// and caught by the test that reads every key used in the code.
func T(l Lang, key string, args ...any) string {
	t, ok := all[key]
	if !ok {
		if len(args) == 0 {
			return key
		}
		return fmt.Sprint(append([]any{key, " "}, args...)...)
	}
	text := t.FR
	if l == EN {
		text = t.EN
	}
	for _, a := range args {
		if n, isInt := a.(int); isInt {
			if l == EN && n == 1 && t.ENOne != "" {
				text = t.ENOne
			} else if l != EN && (n == 0 || n == 1) && t.FROne != "" {
				text = t.FROne
			}
			break
		}
	}
	if len(args) == 0 {
		return text
	}
	said := make([]any, len(args))
	for i, a := range args {
		said[i] = say(l, a)
	}
	return fmt.Sprintf(text, said...)
}

// Has tells whether a key exists.
func Has(key string) bool { _, ok := all[key]; return ok }

func say(l Lang, a any) any {
	switch v := a.(type) {
	case cal.Date:
		return Date(l, v)
	case money.Amount:
		return Amount(l, v)
	case money.Rate:
		return Rate(l, v)
	case Key:
		return T(l, string(v))
	case Said:
		return T(l, v.Key, v.Args...)
	case error:
		return Error(l, v)
	}
	return a
}

// Key is an argument that is itself a message.
type Key string

// Said is a message not yet put in a language: decisions return it, doors say it.
type Said struct {
	Key  string
	Args []any
}

// Say makes a message to be said later.
func Say(key string, args ...any) Said { return Said{key, args} }

// In says the message in a language.
func (s Said) In(l Lang) string {
	if s.Key == "" {
		return ""
	}
	return T(l, s.Key, s.Args...)
}

// Error says an error to a person: a fault by its key when the catalogue has it, else its text.
func Error(l Lang, err error) string {
	var f *fault.Error
	if errors.As(err, &f) && Has(f.Key) {
		s := T(l, f.Key, f.Args...)
		if f.Err != nil {
			s += " (" + f.Err.Error() + ")"
		}
		return s
	}
	return err.Error()
}
