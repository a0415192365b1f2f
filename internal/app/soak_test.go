package app

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"relance/internal/domain/org"
	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/store"
)

// What bends a soak (make soak): for how long lives follow one another, the seed of the first, the days of each.
const (
	soakFor  = "RELANCE_SOAK"
	soakSeed = "RELANCE_SOAK_SEED"
	soakDays = "RELANCE_SOAK_DAYS"
)

// TestSoak lets the random life of a house with two companies go by, day after day of a clock that is moved: files, money,
// disputes, people, a bad mail server, workers that go away, a database that gives up. What must hold is checked every day
// (soak_truth_test.go) against a ledger that the test keeps by itself (soak_book_test.go). A life is told by its seed.
func TestSoak(t *testing.T) {
	seed, days, until := uint64(1), 21, time.Now()
	if x := os.Getenv(soakFor); x != "" {
		d, err := time.ParseDuration(x)
		if err != nil {
			t.Fatal(err)
		}
		days, until = 180, until.Add(d)
	}
	number(t, soakSeed, &seed)
	number(t, soakDays, &days)
	sum := &score{}
	for first := true; first || time.Now().Before(until); first = false {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			onStage(t, "2026-03-02", func(s *stage) {
				h := newSoak(s, seed, sum)
				for range days {
					h.live()
				}
			})
		})
		if t.Failed() {
			break
		}
		seed++
	}
	t.Logf("%s", sum)
}

// number reads a number of the environment.
func number[N int | uint64](t *testing.T, name string, into *N) {
	if x := os.Getenv(name); x != "" {
		n, err := strconv.ParseUint(x, 10, 32)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		*into = N(n)
	}
}

// score counts what a soak has seen.
type score struct {
	days, mails, letters, invoices, money, movements, disputes, refusals, faults, restores int
}

// String tells the figures of docs/reliability.md.
func (n *score) String() string {
	return fmt.Sprintf("%d simulated days of a company: %d invoices and credit notes, %d payments (%d bank movements), %d mails and %d letters sent, %d disputes, "+
		"%d times the program said no, %d faults (mail server, workers, database), %d restores", n.days, n.invoices, n.money, n.movements, n.mails, n.letters, n.disputes,
		n.refusals, n.faults, n.restores)
}

// soak is a house in which two companies live.
type soak struct {
	*stage
	r     *rand.Rand
	seed  uint64
	sum   *score
	post  *postman
	lives []*life
	days  int
	told  []string // the last things that happened
}

// life is one company of the house: its desk and what the test knows of it.
type life struct {
	*soak
	desk  *Desk
	code  string
	zone  *time.Location
	today cal.Date
	who   []string // codes of its customers
	next  int      // number of the next document
	book  *notebook
	files []remembered           // the last files taken in, in their order
	moved []movedOnce            // what the bank has told, in its order
	kept  map[cal.Date]string    // totals of the aged balance
	bank  map[store.Payment]bool // the bank's money, as it was given yesterday
	slept map[cal.Date]bool      // days on which nothing ran
	ran   bool                   // today
}

func newSoak(s *stage, seed uint64, sum *score) *soak {
	h := &soak{stage: s, r: rand.New(rand.NewPCG(seed, 7)), seed: seed, sum: sum, post: newPostman(seed)}
	s.app.mail = h.post
	h.enter(s.desk, "AV", "Europe/Paris", 40)
	// The second company has the same codes and numbers, another clock and another currency.
	co, err := s.app.CreateCompany(s.ctx, "NC", org.Profile{Name: "Comptoir du Caillou", SIREN: "552100554", IBAN: ourAccount, TimeZone: "Pacific/Noumea",
		Address: party.Address{Lines: "3 rue de l’Alma", Postcode: "98800", City: "Nouméa"}, SignatoryName: "Paul Wamytan"})
	s.must(err)
	d := s.app.As(System(co.ID, "Paul"))
	s.must(d.AddMailAccount(s.ctx, MailAccount{Host: "mail.nc.example", TLS: "none", From: "compta@caillou.example", Connections: 2}))
	_, err = d.GoLive(s.ctx, true)
	s.must(err)
	h.enter(d, "NC", "Pacific/Noumea", 25)
	return h
}

// enter begins the life of a company.
func (h *soak) enter(d *Desk, code, zone string, customers int) {
	where, err := time.LoadLocation(zone)
	h.must(err)
	l := &life{soak: h, desk: d, code: code, zone: where, book: newNotebook(), kept: map[cal.Date]string{}, slept: map[cal.Date]bool{}}
	h.lives = append(h.lives, l)
	l.sit()
	var list []string
	for i := range customers {
		c := fmt.Sprintf("C%02d", i)
		l.who = append(l.who, c)
		list = append(list, c+" "+l.address(c))
	}
	l.stage.customers(list...)
	l.known()
}

// sit puts the stage's own words at the desk of this company, at ten in its morning.
func (l *life) sit() {
	l.stage.desk = l.desk
	y, m, d := l.at.UTC().Date()
	if l.today = cal.Of(y, m, d); l.zone.String() != "UTC" {
		l.at = time.Date(y, m, d, 10, 0, 0, 0, l.zone)
	}
}

// address is where a customer of this company reads its mail.
func (l *life) address(code string) string {
	return strings.ToLower("compta@" + code + "." + l.code + ".example")
}

// live lets a day go by.
func (h *soak) live() {
	h.t.Helper()
	h.days++
	noon := h.lives[0].today.AddDays(1)
	y, m, d := noon.Civil()
	for _, l := range h.lives {
		h.at = time.Date(y, m, d, 12, 0, 0, 0, time.UTC)
		l.sit()
		h.sum.days++
		l.day()
		if h.t.Failed() {
			h.t.Fatalf("seed %d, %s on %s (day %d), after:\n%s", h.seed, l.code, l.today, h.days, strings.Join(h.told, "\n"))
		}
	}
	if h.days%30 == 17 {
		h.moveHouse()
	}
}

// day is a day of one company: what comes in, what people do, the run, what leaves; sometimes nothing.
func (l *life) day() {
	l.say("— %s %s", l.code, l.today)
	if l.r.IntN(25) == 0 || l.slept[l.today-1] && l.r.IntN(2) == 0 { // the machine is off
		l.slept[l.today] = true
		return
	}
	l.newInvoices()
	l.bankDay()
	for range 2 + l.r.IntN(5) {
		l.something()
	}
	l.known()
	l.ran = false
	for range l.r.IntN(4) {
		l.decide()
		l.ran = true
		l.approvals()
		l.leave()
		if l.r.IntN(3) == 0 {
			l.something()
		}
	}
	l.people()
	if l.r.IntN(20) == 0 {
		l.setBack()
	}
	l.truths()
	l.goAway() // what it has in hand is found tomorrow
}

// say keeps what happened.
func (h *soak) say(format string, args ...any) {
	if h.told = append(h.told, fmt.Sprintf(format, args...)); len(h.told) > 400 {
		h.told = h.told[1:]
	}
}

// allowed lets the program say no: to what a person cannot do, never to what went wrong inside.
func (l *life) allowed(err error) bool {
	l.t.Helper()
	switch fault.Of(err) {
	case fault.Invalid, fault.Conflict, fault.NotFound:
		if err != nil {
			l.sum.refusals++
			l.say("  no: %v", err)
			return false
		}
	}
	l.must(err)
	return true
}

// must stops the life, with what led to it.
func (h *soak) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatalf("seed %d, day %d: %v\n%s", h.seed, h.days, err, strings.Join(h.told, "\n"))
	}
}

// setBack puts the clock back for a while: nothing is sent again, nothing is lost.
func (l *life) setBack() {
	right := l.at
	l.at = right.Add(-[]time.Duration{time.Minute, time.Hour, 24 * time.Hour, 3 * 24 * time.Hour, 40 * 24 * time.Hour}[l.r.IntN(5)])
	l.say("  the clock is set back to %s", l.at)
	l.decide()
	l.leave()
	l.at = right
}

// moveHouse restores a backup into a fresh database, in which life goes on.
func (h *soak) moveHouse() {
	b, _ := h.backup()
	to := h.another()
	to.mail, to.print = h.post, paper{}
	_, err := restore(to, b)
	h.must(err)
	to.now = h.app.now
	h.say("the house is restored from a backup")
	h.app = to
	for _, l := range h.lives {
		l.desk = to.As(l.desk.actor)
	}
	h.sum.restores++
}
