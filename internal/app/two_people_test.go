package app

import (
	"testing"

	"relance/internal/domain/org"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// Above the ceiling two people approve, told apart as users: one name under two users is two, two names of the
// machine's owner are one; who is bound to another portfolio is no second person for this customer.
func TestTwoPeopleApprove(t *testing.T) {
	onStage(t, "2026-11-18", func(s *stage) {
		s.file(ImportCustomers, "code;name;kind;address;postcode;city;email;collector", "C1;Un;PRO;1 rue Haute;75001;Paris;un@un.example;anna")
		s.known()
		s.invoice("F-26-001", "C1", "2026-11-13", "12000.00")
		_, err := s.desk.Run(s.ctx, RunOptions{})
		s.must(err)
		ids := s.ids(store.Proposed)
		person := func(name, email string, collectors ...string) *Desk {
			u, err := s.desk.AddUser(s.ctx, org.User{Name: name, Email: email, Role: org.Collector, Portfolio: collectors}, "a long enough secret")
			s.must(err)
			return s.app.As(Actor{Company: s.desk.actor.Company, User: u.ID, Name: name, Role: u.Role, Bound: len(collectors) > 0})
		}
		owner := func(name string) *Desk { return s.app.As(System(s.desk.actor.Company, name)) }
		anna := person("Anna", "anna@un.example")
		again := func(d *Desk, want string) {
			t.Helper()
			if _, err := d.Approve(s.ctx, ids); fault.Key(err) != want {
				t.Errorf("%s: %v, want %q", d.actor.Name, err, want)
			}
		}
		// Who confirms twice where nobody else may.
		person("Zoé", "zoe@un.example", "zoé")
		again(anna, "")
		s.wantStates("reminder-1 proposed")
		again(anna, "")
		s.wantStates("reminder-1 approved")
		// Where somebody else may, the same person is not two: by one user, or by two names of the owner.
		namesake := person("Anna", "anna2@un.example", "anna")
		for _, pair := range [][3]*Desk{{anna, anna, namesake}, {owner("Jean"), owner("Somebody else"), anna}, {anna, anna, owner("Anna")}} {
			s.must(s.desk.Unapprove(s.ctx, s.ids(store.Approved)))
			again(pair[0], "")
			again(pair[1], "app.second-person")
			s.wantStates("reminder-1 proposed")
			again(pair[2], "")
			s.wantStates("reminder-1 approved")
		}
		if _, err := namesake.Approve(s.ctx, []id.Message{ids[0]}); fault.Of(err) != fault.Conflict {
			t.Errorf("approved a third time: %v", err)
		}
	})
}
