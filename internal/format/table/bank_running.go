package table

import "relance/internal/ground/cal"

// running is a column of balances, met line by line. The lines may stand in four orders: days up or
// down, and within a day up or down; of each the balance before the first movement and after the last
// are kept, and the one that agrees with the sum of the movements is taken.
type running struct {
	n      int
	broken bool // a movement without its balance

	first, last           mark
	firstDayLast, dayHead mark // the last line of the first day, the first line of the day under way
	ups, downs            int  // lines that follow from the one before them, read one way or the other
}

// mark is a line with its balance after the movement.
type mark struct {
	on              cal.Date
	amount, balance int64
}

func (m mark) before() int64 { return m.balance - m.amount }

func (r *running) add(on cal.Date, amount, balance int64) {
	m := mark{on, amount, balance}
	if r.n == 0 {
		r.first, r.firstDayLast, r.dayHead = m, m, m
	} else {
		if m.before() == r.last.balance {
			r.ups++
		}
		if r.last.before() == m.balance {
			r.downs++
		}
		if on == r.first.on && r.dayHead.on == on {
			r.firstDayLast = m
		}
		if on != r.dayHead.on {
			r.dayHead = m
		}
	}
	r.last = m
	r.n++
}

// balances are those before and after the movements, whose sum is given; ok is false when the column
// is no running balance of them.
func (r *running) balances(moved int64) (opening, closing int64, ok bool) {
	if r.n == 0 || r.broken {
		return 0, 0, false
	}
	if 2*(r.ups+r.downs) < r.n-1 {
		return 0, 0, false
	}
	for _, way := range []struct{ opening, closing int64 }{
		{r.first.before(), r.last.balance},
		{r.last.before(), r.first.balance},
		{r.dayHead.before(), r.firstDayLast.balance}, // days down, movements of a day up
		{r.firstDayLast.before(), r.dayHead.balance}, // days up, movements of a day down
	} {
		if way.opening+moved == way.closing {
			return way.opening, way.closing, true
		}
	}
	return 0, 0, false
}
