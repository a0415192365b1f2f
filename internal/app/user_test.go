package app

import (
	"strings"
	"testing"

	"relance/internal/domain/org"
	"relance/internal/ground/fault"
)

// An unknown address is answered as a wrong password is: the same words, after the same work.
func TestNobodyLearnsWhoIsThere(t *testing.T) {
	kept, err := hashPassword("a long enough secret")
	if err != nil {
		t.Fatal(err)
	}
	cost := func(s string) string { return strings.Join(strings.Split(s, "$")[:4], "$") }
	if cost(kept) != cost(decoy) || len(strings.Split(decoy, "$")) != 6 {
		t.Errorf("the decoy costs %s, a password %s", cost(decoy), cost(kept))
	}
	if samePassword(decoy, "") {
		t.Error("the decoy opens")
	}
	onStage(t, "2026-11-23", func(s *stage) {
		_, err := s.desk.AddUser(s.ctx, org.User{Email: "anne@un.example", Role: org.Admin}, "a long enough secret")
		s.must(err)
		_, wrong := s.app.SignIn(s.ctx, "anne@un.example", "not the secret at all", "x")
		_, unknown := s.app.SignIn(s.ctx, "nobody@un.example", "not the secret at all", "x")
		if wrong == nil || unknown == nil || wrong.Error() != unknown.Error() || fault.Of(unknown) != fault.Forbidden {
			t.Errorf("a wrong password: %v; an unknown address: %v", wrong, unknown)
		}
		// A browser is known by what the password made, until there is a new one.
		device, err := s.app.Device(s.ctx, "Anne@un.example ")
		s.must(err)
		know := func(email, device string) bool {
			known, err := s.app.KnownDevice(s.ctx, email, device)
			s.must(err)
			return known
		}
		if !know("anne@un.example", device) || know("nobody@un.example", device) || know("anne@un.example", device[1:]) || know("anne@un.example", "") {
			t.Error("a device is known to somebody else, or not to its own")
		}
		s.must(s.desk.SetPassword(s.ctx, "anne@un.example", "another long secret"))
		if know("anne@un.example", device) {
			t.Error("a device of before the new password is known")
		}
	})
}
