package fault

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
)

// What a log keeps of an error says where and what kind, and nothing of anybody.
func TestBrief(t *testing.T) {
	reply := "550 5.1.1 <jean.petit@menuiserie.example> Jean Petit has left"
	wrapped := error(New(Invalid, "smtp.recipient", "jean.petit@menuiserie.example", reply))
	Wrap(&wrapped, "smtp.send")
	for _, c := range []struct {
		err  error
		want string
	}{
		{nil, ""},
		{New(NotFound, "app.no-invoice", "FA-2026-118"), "not found app.no-invoice"},
		{wrapped, "smtp.send: invalid smtp.recipient"},
		{fmt.Errorf("company.day: %w", wrapped), "company.day: smtp.send: invalid smtp.recipient"},
		{fmt.Errorf("mail to Jean <jean@un.example>: %w", New(Unavailable, "smtp.temporary", reply)), "unavailable smtp.temporary"},
		{errors.Join(New(Conflict, "store.moved"), errors.New("disk full")), "conflict store.moved; disk full"},
		{&Error{Kind: Unavailable, Key: "smtp.temporary", Err: errors.New("dial tcp 10.0.0.5:25: connection refused")},
			"unavailable smtp.temporary: dial tcp 10.0.0.5:25: connection refused"},
		{fmt.Errorf(`invalid input syntax for type bigint: "FR7630006000011234567890189"`), "invalid input syntax for type bigint: …"},
		{errors.New("account FR76 3000 6000 0112 3456 7890 189 of +33 6 12 34 56 78"), "account … of …"},
		{&fs.PathError{Op: "open", Path: "/var/lib/relance/relance.db", Err: fs.ErrPermission}, "open /var/lib/relance/relance.db: permission denied"},
	} {
		if got := Brief(c.err); got != c.want {
			t.Errorf("%v\n got %q\nwant %q", c.err, got, c.want)
		}
	}
}

// A panic's value may be anything: its text is kept only when the runtime wrote it.
func TestPanic(t *testing.T) {
	said := func(fn func()) (out string) {
		defer func() { out = Panic(recover()) }()
		fn()
		return ""
	}
	list, beyond := []int{1}, 3
	if got := said(func() { list[beyond] = 1 }); !strings.Contains(got, "index out of range") {
		t.Error(got)
	}
	if got := said(func() { panic("Jean Petit owes 1 200,00 €") }); got != "string" {
		t.Error(got)
	}
}
