package main

import (
	"bytes"
	gocontext "context"
	"database/sql"
	"net"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"relance/internal/app"
	"relance/internal/domain/rate"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/store/storetest"
)

// zone is a DNS of a few names; those it does not hold do not exist, and "silent.example" never answers.
type zone map[string][]string

func (z zone) LookupTXT(ctx gocontext.Context, name string) ([]string, error) {
	if strings.HasSuffix(name, "silent.example.") {
		return nil, &net.DNSError{Err: "i/o timeout", Name: name, IsTimeout: true}
	}
	if list, ok := z[name]; ok {
		return list, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func (z zone) LookupMX(ctx gocontext.Context, name string) (out []*net.MX, err error) {
	list, err := z.LookupTXT(ctx, "mx."+name)
	for _, h := range list {
		out = append(out, &net.MX{Host: h})
	}
	return out, err
}

// What the DNS says of a sender: what is right, what is missing, what is wrong, what cannot be known.
func TestSenderDomain(t *testing.T) {
	dns := zone{
		"good.example.":                 {"v=spf1 include:_spf.host.example -all", "some-verification=1"},
		"_dmarc.good.example.":          {"v=DMARC1; p=quarantine"},
		"s1._domainkey.good.example.":   {"v=DKIM1; k=rsa; p=MIIB"},
		"mx.good.example.":              {"mx1.good.example."},
		"twice.example.":                {"v=spf1 -all", "v=spf1 mx -all"},
		"s1._domainkey.twice.example.":  {"v=DKIM1; p="},
		"open.example.":                 {"v=spf1 +all"},
		"_dmarc.open.example.":          {"not a policy"},
		"mx.twice.example.":             {"mx.twice.example."},
		"s1._domainkey.silent.example.": {"v=DKIM1; p=MIIB"},
	}
	for _, x := range []struct{ domain, selector, want string }{
		{"good.example", "s1", "spf ok dkim ok dmarc ok mx ok"},
		{"good.example", "", "spf ok dkim note dmarc ok mx ok"},
		{"good.example", "old", "spf ok dkim warn dmarc ok mx ok"},
		{"twice.example", "s1", "spf fail dkim fail dmarc warn mx ok"},
		{"open.example", "s1", "spf warn dkim warn dmarc warn mx warn"},
		{"silent.example", "s1", "spf warn dkim warn dmarc warn mx warn"},
	} {
		e := &examination{c: &context{ctx: t.Context(), Lang: i18n.EN, dns: dns}}
		e.domain(x.domain, x.selector)
		var got []string
		for _, s := range e.list {
			got = append(got, s.Check, string(s.Level))
			if s.OK != (s.Level != broken) || !strings.Contains(s.Told, x.domain) {
				t.Errorf("%s: %+v", x.domain, s)
			}
		}
		if strings.Join(got, " ") != x.want {
			t.Errorf("%s %s: %s", x.domain, x.selector, strings.Join(got, " "))
		}
		if x.domain == "silent.example" && !strings.Contains(e.list[0].Told, "does not answer from here") {
			t.Error(e.list[0].Told)
		}
	}
}

func TestClocks(t *testing.T) {
	now := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	for _, x := range []struct {
		database, written time.Duration
		want              level
		told              string
	}{
		{0, -time.Hour, fine, ""},
		{time.Second, 0, fine, ""},
		{-10 * time.Second, -time.Hour, doubt, "apart"},
		{time.Hour, -time.Hour, broken, "apart"},
		{0, time.Minute, doubt, "behind"},
		{0, 26 * time.Hour, broken, "behind"},
	} {
		l, told := clockLevel(app.Clocks{Machine: now, Database: now.Add(x.database), Written: now.Add(x.written)})
		if l != x.want || told != x.told {
			t.Errorf("database %v, written %v: %s %s", x.database, x.written, l, told)
		}
	}
	if l, _ := clockLevel(app.Clocks{Machine: now, Database: now}); l != fine {
		t.Error("nothing was written yet, and the clock is wrong")
	}
}

func TestDiskLevels(t *testing.T) {
	for _, x := range []struct {
		free, size uint64
		want       level
	}{{50 << 20, 0, broken}, {500 << 20, 0, doubt}, {3 << 30, 2 << 30, doubt}, {5 << 30, 2 << 30, fine}} {
		if got := diskLevel(x.free, x.size); got != x.want {
			t.Errorf("%d free beside %d: %s", x.free, x.size, got)
		}
	}
	free, ok := freeSpace(t.TempDir())
	if ok && free == 0 {
		t.Error("no room at all, and yet the tests run")
	}
	if _, ok := freeSpace("/nowhere/at/all"); ok {
		t.Error("a folder that is not there has room")
	}
}

// The rates of the coming half-year are asked for a month ahead, those of today at once.
func TestRatesAhead(t *testing.T) {
	last := cal.SemesterOf(rate.Legal().Rows()[0].Period.Start())
	for ; loadedRates(last+1) == nil; last++ {
	}
	for _, x := range []struct {
		day  cal.Date
		want level
	}{{last.Start(), fine}, {last.End() - ratesAhead - 1, fine}, {last.End() - ratesAhead, doubt}, {last.End(), doubt}, {last.End() + 1, broken}} {
		e := &examination{c: &context{Lang: i18n.EN}}
		e.rates(x.day)
		if e.list[0].Level != x.want {
			t.Errorf("on %s: %+v", x.day, e.list[0])
		}
	}
}

// A schema that is behind or ahead is told with its remedy, and left as it is.
func TestDoctorTouchesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, url string) {
		st := storetest.Open(t, url)
		move := func(by string) {
			t.Helper()
			if err := execute(t.Context(), url, `UPDATE goose_db_version SET version_id = version_id `+by); err != nil {
				t.Fatal(err)
			}
		}
		for _, x := range []struct{ by, back, says string }{{"- 1", "+ 1", "relance migrate"}, {"+ 1000", "- 1000", "newer than this program"}} {
			move(x.by)
			before, err := st.Schema(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			var out, errOut bytes.Buffer
			if code := run([]string{"doctor", "--lang=en", "--db", url}, strings.NewReader(""), &out, &errOut); code != exitFailed || !strings.Contains(out.String(), x.says) {
				t.Errorf("%d: %s%s", code, out.String(), errOut.String())
			}
			if after, err := st.Schema(t.Context()); err != nil || !reflect.DeepEqual(after, before) {
				t.Errorf("%+v became %+v, %v", before, after, err)
			}
			move(x.back)
		}
	})
}

// execute runs a statement behind the program's back.
func execute(ctx gocontext.Context, url, q string) error {
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		db, err := sql.Open("sqlite", path)
		if err != nil {
			return err
		}
		defer db.Close()
		_, err = db.ExecContext(ctx, q)
		return err
	}
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer c.Close(ctx)
	_, err = c.Exec(ctx, q)
	return err
}

// TestEveryVariableIsTold: what the program reads from the environment stands in the table that
// "relance config" prints, so that nobody looks for a setting in the code.
func TestEveryVariableIsTold(t *testing.T) {
	known := map[string]bool{}
	for _, v := range variables {
		known[v.name] = true
		if !i18n.Has(v.what) {
			t.Errorf("%s: no sentence %s", v.name, v.what)
		}
	}
	read := regexp.MustCompile(`(?:Getenv|LookupEnv|setting)\("([A-Z_]+)"\)|"((?:RELANCE|OTEL|XDG|LC)_[A-Z_]+|USER|LANG)"`)
	tags := regexp.MustCompile(`env:"([A-Z_]+)"`)
	n := 0
	for _, dir := range []string{".", "../../internal/secret", "../../internal/app", "../../internal/store", "../../internal/gateway/logs", "../../internal/gateway/trace", "../../internal/gateway/meter", "../../internal/web"} {
		files, err := filepath.Glob(dir + "/*.go")
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if strings.HasSuffix(f, "_test.go") {
				continue
			}
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range tags.FindAllStringSubmatch(string(b), -1) {
				known[m[1]] = true // a flag's: the model tells it
			}
			for _, m := range read.FindAllStringSubmatch(tags.ReplaceAllString(string(b), ""), -1) {
				n++
				if name := m[1] + m[2]; !known[name] {
					t.Errorf("%s reads %s, which config does not tell", f, name)
				}
			}
		}
	}
	if n < 10 {
		t.Fatalf("only %d found: the test looks in the wrong place", n)
	}
}
