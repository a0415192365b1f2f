package litigation

import (
	"embed"
	"encoding/csv"
	"fmt"
	"sync"

	"relance/internal/ground/cal"
)

//go:embed data/delays.csv
var data embed.FS

// delay is a line of the data.
type delay struct {
	name   string
	from   cal.Date
	value  cal.Delay
	source string
}

var delays = sync.OnceValue(func() []delay {
	list, err := read()
	if err != nil {
		panic("litigation: " + err.Error()) // the program's own data, which its tests read
	}
	return list
})

func read() (list []delay, err error) {
	f, err := data.Open("data/delays.csv")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment, r.FieldsPerRecord = '#', 5
	rows, err := r.ReadAll()
	if err != nil {
		return nil, err
	}
	for _, row := range rows[1:] {
		d := delay{name: row[0], source: row[3]}
		if d.from, err = cal.Parse(row[1]); err != nil {
			return nil, err
		}
		if d.value, err = cal.ParseDelay(row[2]); err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	return list, nil
}

// after counts a delay from a day by the text in force on it.
func after(name string, day cal.Date) (cal.Date, error) {
	var found *delay
	for i, d := range delays() {
		if d.name == name && d.from <= day {
			found = &delays()[i]
		}
	}
	if found == nil {
		return 0, fmt.Errorf("litigation: no delay %s on %s", name, day)
	}
	return found.value.After(day), nil
}

// Deadlines are the last days of what a creditor may do in an insolvency.
type Deadlines struct {
	Claim   cal.Date // declaration of the claim to the mandatary
	Relief  cal.Date // relevé de forclusion, for who missed it
	Reclaim cal.Date // revendication of goods sold under retention of title
}

// Insolvency counts the deadlines from the publication of the opening judgment; abroad is a creditor who is not in
// metropolitan France.
func Insolvency(published cal.Date, abroad bool) (d Deadlines, err error) {
	claim := "claim"
	if abroad {
		claim = "claim-abroad"
	}
	for _, x := range []struct {
		name string
		to   *cal.Date
	}{{claim, &d.Claim}, {"relief", &d.Relief}, {"reclaim", &d.Reclaim}} {
		if *x.to, err = after(x.name, published); err != nil {
			return d, err
		}
	}
	return d, nil
}
