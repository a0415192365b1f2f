package cal

import "time"

// Holiday is a public holiday; Key is its message key ("holiday.easter-monday").
type Holiday struct {
	Date Date
	Key  string
}

// Holidays lists the public holidays of a year by today's law (C. trav. L3133-1, L3134-13;
// law-fr.md §10.2), in order. Two may fall on one day (Ascension on 8 May).
func (c Calendar) Holidays(year int) []Holiday {
	easter := Easter(year)
	at := func(m time.Month, d int) Date { return Of(year, m, d) }
	if c == Target {
		return []Holiday{
			{at(1, 1), "holiday.new-year"}, {easter - 2, "holiday.good-friday"},
			{easter + 1, "holiday.easter-monday"}, {at(5, 1), "holiday.labour-day"},
			{at(12, 25), "holiday.christmas"}, {at(12, 26), "holiday.saint-stephen"},
		}
	}
	list := []Holiday{
		{at(1, 1), "holiday.new-year"}, {easter + 1, "holiday.easter-monday"},
		{at(5, 1), "holiday.labour-day"}, {at(5, 8), "holiday.victory"},
		{easter + 39, "holiday.ascension"}, {easter + 50, "holiday.whit-monday"},
		{at(7, 14), "holiday.national"}, {at(8, 15), "holiday.assumption"},
		{at(11, 1), "holiday.all-saints"}, {at(11, 11), "holiday.armistice"},
		{at(12, 25), "holiday.christmas"},
	}
	if c == AlsaceMoselle {
		list = append(list, Holiday{easter - 2, "holiday.good-friday"}, Holiday{at(12, 26), "holiday.saint-stephen"})
	} else if d, ok := abolition[c]; ok {
		list = append(list, Holiday{at(d.month, d.day), "holiday.abolition"})
	}
	sortHolidays(list)
	return list
}

// abolition is the day on which slavery's end is kept overseas.
var abolition = map[Calendar]struct {
	month time.Month
	day   int
}{
	Mayotte: {4, 27}, Martinique: {5, 22}, Guadeloupe: {5, 27}, Guyane: {6, 10}, Reunion: {12, 20},
}

// Holiday tells whether d is a public holiday, and which.
func (c Calendar) Holiday(d Date) (Holiday, bool) {
	for _, h := range c.Holidays(d.Year()) {
		if h.Date == d {
			return h, true
		}
	}
	return Holiday{}, false
}

// Easter is Easter Sunday in the Gregorian calendar (Meeus/Butcher).
func Easter(year int) Date {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return Of(year, time.Month(n/31), n%31+1)
}

func sortHolidays(list []Holiday) {
	for i := 1; i < len(list); i++ {
		for j := i; j > 0 && list[j].Date < list[j-1].Date; j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
}
