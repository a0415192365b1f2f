package i18n

import (
	"strings"

	"relance/internal/ground/money"
)

// InWords writes a positive amount in words, as an acknowledgement of debt must (C. civ. 1376): "mille deux cent
// trente-quatre euros et cinquante-six centimes". Currencies other than the euro keep their code.
func InWords(l Lang, a money.Amount) string {
	unit := int64(1)
	for range a.Currency.Decimals() {
		unit *= 10
	}
	whole, part := a.Minor/unit, a.Minor%unit
	if l == EN {
		return unitEN(whole, a.Currency, "euro", "euros") + cents(part, a.Currency, " and ", english, "cent", "cents")
	}
	name := "euros"
	switch {
	case whole < 2:
		name = "euro"
	case whole%1_000_000 == 0:
		name = "d’euros"
	}
	if a.Currency != money.EUR {
		name = string(a.Currency)
	}
	return french(whole) + " " + name + cents(part, a.Currency, " et ", french, "centime", "centimes")
}

func unitEN(n int64, c money.Currency, one, many string) string {
	switch {
	case c != money.EUR:
		many = string(c)
	case n == 1:
		many = one
	}
	return english(n) + " " + many
}

func cents(n int64, c money.Currency, and string, words func(int64) string, one, many string) string {
	switch {
	case n == 0:
		return ""
	case c != money.EUR:
		return and + words(n)
	case n == 1:
		return and + words(n) + " " + one
	}
	return and + words(n) + " " + many
}

var frenchSmall = strings.Fields("zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf")

var frenchTens = strings.Fields("_ _ vingt trente quarante cinquante soixante soixante quatre-vingt quatre-vingt")

// french writes a whole number, at most some thousands of billions, in the spelling of the courts: "vingt et un", "quatre-vingts",
// "deux cents", "mille" without an s.
func french(n int64) string {
	switch {
	case n < 20:
		return frenchSmall[n]
	case n < 100:
		return frenchUnder100(n)
	case n < 1000:
		s := "cent"
		if h := n / 100; h > 1 {
			s = frenchSmall[h] + " cent"
		}
		if n%100 == 0 && n > 199 {
			return s + "s"
		}
		return join(s, n%100, french)
	case n < 1_000_000:
		s := "mille"
		if t := n / 1000; t > 1 {
			// "quatre-vingt mille", "deux cent mille": the plural s falls before mille.
			s = strings.TrimSuffix(french(t), plural(t)) + " mille"
		}
		return join(s, n%1000, french)
	case n < 1_000_000_000:
		return join(many(n/1_000_000, "million"), n%1_000_000, french)
	}
	return join(many(n/1_000_000_000, "milliard"), n%1_000_000_000, french)
}

// plural is the s that "cents" and "quatre-vingts" lose before mille.
func plural(n int64) string {
	if n%100 == 0 && n > 199 || n%100 == 80 {
		return "s"
	}
	return ""
}

func many(n int64, unit string) string {
	if n == 1 {
		return "un " + unit
	}
	return french(n) + " " + unit + "s"
}

func frenchUnder100(n int64) string {
	ten, rest := n/10, n%10
	if ten == 7 || ten == 9 {
		rest += 10
	}
	s := frenchTens[ten]
	switch {
	case n == 80:
		return s + "s"
	case rest == 0:
		return s
	case (rest == 1 || rest == 11) && ten < 8:
		return s + " et " + frenchSmall[rest]
	}
	return s + "-" + frenchSmall[rest]
}

func join(s string, rest int64, words func(int64) string) string {
	if rest == 0 {
		return s
	}
	return s + " " + words(rest)
}

var englishSmall = strings.Fields("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")

var englishTens = strings.Fields("_ _ twenty thirty forty fifty sixty seventy eighty ninety")

func english(n int64) string {
	switch {
	case n < 20:
		return englishSmall[n]
	case n < 100:
		if n%10 == 0 {
			return englishTens[n/10]
		}
		return englishTens[n/10] + "-" + englishSmall[n%10]
	case n < 1000:
		if n%100 == 0 {
			return englishSmall[n/100] + " hundred"
		}
		return englishSmall[n/100] + " hundred and " + english(n%100)
	case n < 1_000_000:
		return join(english(n/1000)+" thousand", n%1000, english)
	case n < 1_000_000_000:
		return join(english(n/1_000_000)+" million", n%1_000_000, english)
	}
	return join(english(n/1_000_000_000)+" billion", n%1_000_000_000, english)
}
