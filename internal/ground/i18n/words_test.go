package i18n

import (
	"testing"

	"relance/internal/ground/money"
)

func TestInWords(t *testing.T) {
	for cents, want := range map[int64][2]string{
		1:           {"zéro euro et un centime", "zero euros and one cent"},
		100:         {"un euro", "one euro"},
		2100:        {"vingt et un euros", "twenty-one euros"},
		7100:        {"soixante et onze euros", "seventy-one euros"},
		7780:        {"soixante-dix-sept euros et quatre-vingts centimes", "seventy-seven euros and eighty cents"},
		8000:        {"quatre-vingts euros", "eighty euros"},
		8100:        {"quatre-vingt-un euros", "eighty-one euros"},
		9100:        {"quatre-vingt-onze euros", "ninety-one euros"},
		9999:        {"quatre-vingt-dix-neuf euros et quatre-vingt-dix-neuf centimes", "ninety-nine euros and ninety-nine cents"},
		20000:       {"deux cents euros", "two hundred euros"},
		20100:       {"deux cent un euros", "two hundred and one euros"},
		100000:      {"mille euros", "one thousand euros"},
		123456:      {"mille deux cent trente-quatre euros et cinquante-six centimes", "one thousand two hundred and thirty-four euros and fifty-six cents"},
		8000000:     {"quatre-vingt mille euros", "eighty thousand euros"},
		20000000:    {"deux cent mille euros", "two hundred thousand euros"},
		28000000:    {"deux cent quatre-vingt mille euros", "two hundred and eighty thousand euros"},
		100000000:   {"un million d’euros", "one million euros"},
		300000050:   {"trois millions d’euros et cinquante centimes", "three million euros and fifty cents"},
		12345678900: {"cent vingt-trois millions quatre cent cinquante-six mille sept cent quatre-vingt-neuf euros", "one hundred and twenty-three million four hundred and fifty-six thousand seven hundred and eighty-nine euros"},
	} {
		a := money.Euros(cents)
		if fr, en := InWords(FR, a), InWords(EN, a); fr != want[0] || en != want[1] {
			t.Errorf("%d: %q, %q", cents, fr, en)
		}
	}
	if got := InWords(FR, money.Of(150000, "CHF")); got != "mille cinq cents CHF" {
		t.Error(got)
	}
}
