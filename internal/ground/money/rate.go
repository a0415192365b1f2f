package money

import "fmt"

// Rate is a yearly rate in basis points: 1215 is 12.15 %.
type Rate int64

// String is the plain machine form, "12.15".
func (r Rate) String() string {
	neg := ""
	if r < 0 {
		neg, r = "-", -r
	}
	return fmt.Sprintf("%s%d.%02d", neg, r/100, r%100)
}
