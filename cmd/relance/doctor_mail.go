package main

import (
	gocontext "context"
	"errors"
	"net"
	"strings"
	"sync"
	"time"

	"relance/internal/app"
)

// How long a mail server and the DNS may take: whoever runs doctor is waiting.
const (
	loginTime = 15 * time.Second
	dnsTime   = 5 * time.Second
)

// resolver asks the DNS: net.DefaultResolver, or a test's.
type resolver interface {
	LookupTXT(ctx gocontext.Context, name string) ([]string, error)
	LookupMX(ctx gocontext.Context, name string) ([]*net.MX, error)
}

// mail looks at each account: whether its server lets us in, and whether the world may believe that
// what it sends is ours.
func (x *examination) mail(d *app.Desk, selector string) {
	c := x.c
	accounts, err := d.MailAccounts(c.ctx)
	if err == nil && len(accounts) == 0 {
		err = errors.New(c.t("app.gate.mail-account"))
	}
	x.look("mail-account", err, c.t("cmd.doctor.accounts", len(accounts)))
	seen := map[string]bool{}
	for _, a := range accounts {
		ctx, cancel := gocontext.WithTimeout(c.ctx, loginTime)
		x.look("smtp "+a.Name, d.TestMailAccount(ctx, a.Name), a.Host)
		cancel()
		_, domain, _ := strings.Cut(a.From, "@")
		if domain != "" && !seen[domain] {
			seen[domain] = true
			x.domain(domain, selector)
		}
	}
	secrets, err := d.Secrets(c.ctx)
	x.look("secrets", err, c.t("cmd.doctor.secrets", secrets))
}

// answer is what the DNS says of a name.
type answer struct {
	list []string
	err  error
}

// domain looks at what the DNS says of a sender's domain, all of it at once.
func (x *examination) domain(domain, selector string) {
	c := x.c
	dns := c.dns
	if dns == nil {
		dns = net.DefaultResolver
	}
	ctx, cancel := gocontext.WithTimeout(c.ctx, dnsTime)
	defer cancel()
	var spf, dmarc, dkim, mx answer
	var wg sync.WaitGroup
	text := func(a *answer, name, begins string) {
		wg.Go(func() {
			list, err := dns.LookupTXT(ctx, name+".")
			for _, t := range list {
				if strings.HasPrefix(strings.ToLower(t), begins) {
					a.list = append(a.list, t)
				}
			}
			a.err = err
		})
	}
	text(&spf, domain, "v=spf1")
	text(&dmarc, "_dmarc."+domain, "v=dmarc1")
	if selector != "" {
		text(&dkim, selector+"._domainkey."+domain, "")
	}
	wg.Go(func() {
		list, err := dns.LookupMX(ctx, domain+".")
		for _, m := range list {
			mx.list = append(mx.list, m.Host)
		}
		mx.err = err
	})
	wg.Wait()
	x.record("spf", domain, spf, spfLevel)
	if selector == "" {
		x.see("dkim", unknown, c.t("cmd.doctor.dkim.which", domain))
	} else {
		x.record("dkim", domain, dkim, dkimLevel)
	}
	x.record("dmarc", domain, dmarc, func([]string) level { return fine })
	x.record("mx", domain, mx, func([]string) level { return fine })
}

// record says what a lookup found; judge is asked when it found something. A DNS that does not
// answer says nothing of the domain.
func (x *examination) record(name, domain string, a answer, judge func([]string) level) {
	c := x.c
	var dns *net.DNSError
	none := errors.As(a.err, &dns) && dns.IsNotFound
	switch {
	case a.err != nil && !none:
		x.see(name, doubt, c.t("cmd.doctor.dns.silent", domain))
	case len(a.list) == 0:
		x.see(name, doubt, c.t("cmd.doctor."+name+".none", domain))
	default:
		l := judge(a.list)
		told := domain + ": " + strings.Join(a.list, " | ")
		if l != fine {
			told = c.t("cmd.doctor."+name+".bad", domain) + " " + strings.Join(a.list, " | ")
		}
		x.see(name, l, told)
	}
}

// spfLevel: two records are none (RFC 7208, 4.5), and "+all" lets everybody write in our name.
func spfLevel(list []string) level {
	switch last := list[0][strings.LastIndexByte(list[0], ' ')+1:]; {
	case len(list) > 1:
		return broken
	case last == "+all" || last == "all":
		return doubt
	}
	return fine
}

// dkimLevel: an empty key is a key that was withdrawn (RFC 6376, 3.6.1).
func dkimLevel(list []string) level {
	for tag := range strings.SplitSeq(list[0], ";") {
		if k, v, ok := strings.Cut(tag, "="); ok && strings.TrimSpace(k) == "p" && strings.TrimSpace(v) != "" {
			return fine
		}
	}
	return broken
}
