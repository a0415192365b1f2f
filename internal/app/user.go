package app

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"

	"relance/internal/domain/org"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// Cost of argon2id: the second recommended option of RFC 9106 §4, with less memory so that a
// small machine signs several people in at once.
const (
	argonTime    = 3
	argonMemory  = 32 << 10 // KiB
	argonThreads = 2
	minPassword  = 10   // characters
	maxPassword  = 1000 // bytes
	sessionLife  = 14 * 24 * time.Hour
)

func hashPassword(password string) (string, error) {
	salt := make([]byte, 16)
	if _, err := rand.Read(salt); err != nil {
		return "", err
	}
	key := argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonThreads, 32)
	enc := base64.RawStdEncoding
	return fmt.Sprintf("argon2id$%d$%d$%d$%s$%s", argonTime, argonMemory, argonThreads, enc.EncodeToString(salt), enc.EncodeToString(key)), nil
}

func samePassword(kept, password string) bool {
	p := strings.Split(kept, "$")
	var t, mem uint32
	var threads uint8
	if len(p) != 6 || p[0] != "argon2id" {
		return false
	}
	if _, err := fmt.Sscanf(p[1]+" "+p[2]+" "+p[3], "%d %d %d", &t, &mem, &threads); err != nil {
		return false
	}
	enc := base64.RawStdEncoding
	salt, err1 := enc.DecodeString(p[4])
	want, err2 := enc.DecodeString(p[5])
	if err1 != nil || err2 != nil || t == 0 || threads == 0 || mem > 1<<20 {
		return false
	}
	got := argon2.IDKey([]byte(password), salt, t, mem, threads, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1
}

// AddUser creates a person, or gives a known one a role in the company.
func (d *Desk) AddUser(ctx context.Context, u org.User, password string) (org.User, error) {
	if err := d.may(org.VerbConfigure); err != nil {
		return u, err
	}
	u.Email = strings.ToLower(strings.TrimSpace(u.Email))
	if !isMailbox(u.Email) {
		return u, fault.New(fault.Invalid, "app.user.email", u.Email)
	}
	if !slices.Contains(org.Roles, u.Role) {
		return u, fault.New(fault.Invalid, "app.user.role", string(u.Role))
	}
	if u.Name == "" {
		u.Name, _, _ = strings.Cut(u.Email, "@")
	}
	err := d.update(ctx, org.VerbConfigure, func(m *moment) error {
		known, _, err := m.UserByEmail(ctx, u.Email)
		switch {
		case err == nil:
			u.ID = known.ID
			if err := m.keepsAdmin(u.ID, u.Role); err != nil {
				return err
			}
		case fault.Of(err) == fault.NotFound:
			hash, err := newPassword(password)
			if err != nil {
				return err
			}
			if err := m.InsertUser(ctx, &u, hash, m.at); err != nil {
				return err
			}
		default:
			return err
		}
		if err := m.SetRole(ctx, u.ID, u.Role); err != nil {
			return err
		}
		if len(u.Portfolio) > 0 || !u.Role.Boundable() { // else whoever was bound stays so
			if err := m.bindUser(u); err != nil {
				return err
			}
		}
		return m.note("user.role", subject{}, map[string]any{"user": u.ID, "role": u.Role})
	})
	return u, err
}

// isMailbox tells whether a text is one bare address: no name before it, no second one after it.
func isMailbox(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s
}

// CheckPerson says what AddUser would refuse of a new person.
func CheckPerson(email, password string) error {
	if !isMailbox(strings.ToLower(strings.TrimSpace(email))) {
		return fault.New(fault.Invalid, "app.user.email", email)
	}
	return checkPassword(password)
}

func checkPassword(p string) error {
	if len([]rune(p)) < minPassword || len(p) > maxPassword {
		return fault.New(fault.Invalid, "app.user.password", minPassword)
	}
	return nil
}

func newPassword(p string) (string, error) {
	if err := checkPassword(p); err != nil {
		return "", err
	}
	return hashPassword(p)
}

// keepsAdmin refuses a role that would leave the company without an administrator.
func (m *moment) keepsAdmin(u id.User, role org.Role) error {
	users, err := m.Users(m.ctx)
	if err != nil || role == org.Admin {
		return err
	}
	is, others := false, false
	for _, x := range users {
		is = is || x.ID == u && x.Role == org.Admin
		others = others || x.ID != u && x.Role == org.Admin
	}
	if is && !others {
		return fault.New(fault.Conflict, "app.user.last-admin")
	}
	return nil
}

// SetPassword gives a person of the company a new password and signs every device out. Whoever also
// works in another company is out of this one's reach, unless the actor administers that one too: a
// password opens them all.
func (d *Desk) SetPassword(ctx context.Context, email, password string) error {
	if err := d.may(org.VerbConfigure); err != nil {
		return err
	}
	hash, err := newPassword(password)
	if err != nil {
		return err
	}
	return d.update(ctx, org.VerbConfigure, func(m *moment) error {
		u, _, err := m.UserByEmail(ctx, strings.ToLower(email))
		if err != nil {
			return fault.New(fault.NotFound, "app.no-user", email)
		}
		if err := m.governs(u.ID, email); err != nil {
			return err
		}
		if err := m.Tx.SetPassword(ctx, u.ID, hash); err != nil {
			return err
		}
		if err := m.DeleteSessionsOf(ctx, u.ID); err != nil {
			return err
		}
		return m.note("user.password", subject{}, map[string]any{"user": u.ID})
	})
}

// ChangeOwnPassword gives the person at the desk a new password, whatever their role, when they know the one they have;
// every device is signed out.
func (d *Desk) ChangeOwnPassword(ctx context.Context, old, password string) error {
	if err := d.may(org.VerbRead); err != nil {
		return err
	}
	if d.actor.User == 0 {
		return fault.New(fault.Invalid, "app.user.owner")
	}
	hash, err := newPassword(password)
	if err != nil {
		return err
	}
	kept := ""
	if err := d.view(ctx, func(tx *store.Tx) error {
		list, err := tx.Users(ctx)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(list, func(u org.User) bool { return u.ID == d.actor.User })
		if i < 0 {
			return fault.New(fault.NotFound, "app.no-user", d.actor.Name)
		}
		_, kept, err = tx.UserByEmail(ctx, list[i].Email)
		return err
	}); err != nil {
		return err
	}
	if !samePassword(kept, old) {
		return fault.New(fault.Forbidden, "app.user.password.old")
	}
	return d.update(ctx, org.VerbRead, func(m *moment) error {
		if err := m.Tx.SetPassword(ctx, d.actor.User, hash); err != nil {
			return err
		}
		if err := m.DeleteSessionsOf(ctx, d.actor.User); err != nil {
			return err
		}
		return m.note("user.password", subject{}, map[string]any{"user": d.actor.User})
	})
}

// governs tells whether the actor administers every company where a person works, this one among
// them. The owner of the machine governs everybody.
func (m *moment) governs(u id.User, email string) error {
	places, err := m.Memberships(m.ctx, u)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(places, func(p store.Membership) bool { return p.Company == m.company.ID }) {
		return fault.New(fault.NotFound, "app.no-user", email)
	}
	if m.actor.User == 0 {
		return nil
	}
	own, err := m.Memberships(m.ctx, m.actor.User)
	if err != nil {
		return err
	}
	for _, p := range places {
		if !slices.ContainsFunc(own, func(o store.Membership) bool { return o.Company == p.Company && o.Role == org.Admin }) {
			return fault.New(fault.Forbidden, "app.user.elsewhere", email)
		}
	}
	return nil
}

// RemoveUser takes a person's role in the company away; the last administrator stays.
func (d *Desk) RemoveUser(ctx context.Context, email string) error {
	return d.update(ctx, org.VerbConfigure, func(m *moment) error {
		users, err := m.Users(ctx)
		if err != nil {
			return err
		}
		found := org.User{}
		for _, u := range users {
			if u.Email == strings.ToLower(email) {
				found = u
			}
		}
		if found.ID == 0 {
			return fault.New(fault.NotFound, "app.no-user", email)
		}
		if err := m.keepsAdmin(found.ID, ""); err != nil {
			return err
		}
		if err := m.SetRole(ctx, found.ID, ""); err != nil {
			return err
		}
		return m.note("user.removed", subject{}, map[string]any{"user": found.ID})
	})
}

// Users lists the people of the company.
func (d *Desk) Users(ctx context.Context) (list []org.User, err error) {
	err = d.view(ctx, func(tx *store.Tx) error {
		list, err = tx.Users(ctx)
		return err
	})
	return list, err
}

// UserNamed finds a person of the company by e-mail address, with the role.
func (d *Desk) UserNamed(ctx context.Context, email string) (org.User, error) {
	list, err := d.Users(ctx)
	for _, u := range list {
		if u.Email == strings.ToLower(email) {
			return u, nil
		}
	}
	if err == nil {
		err = fault.New(fault.NotFound, "app.no-user", email)
	}
	return org.User{}, err
}

// decoy is what a wrong address is compared with, so that it takes as long as a wrong password.
var decoy = "argon2id$3$32768$2$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// SignIn opens a session on a device: the token is given once and kept hashed.
func (a *App) SignIn(ctx context.Context, email, password, device string) (token string, err error) {
	var u org.User
	var kept string
	err = a.store.View(ctx, 0, func(tx *store.Tx) error {
		u, kept, err = tx.UserByEmail(ctx, strings.ToLower(strings.TrimSpace(email)))
		return err
	})
	if err != nil && fault.Of(err) != fault.NotFound {
		return "", err
	}
	if err != nil {
		kept = decoy
	}
	if !samePassword(kept, password) || err != nil {
		return "", fault.New(fault.Forbidden, "app.sign-in")
	}
	return a.OpenSession(ctx, u.ID, device, sessionLife)
}

// OpenSession gives a person a session without a password: for the demonstration, whose only
// visitor owns the machine, and whose clock runs ahead of the life of an ordinary session.
func (a *App) OpenSession(ctx context.Context, u id.User, device string, life time.Duration) (string, error) {
	b := make([]byte, 32)
	if _, err := rand.Read(b); err != nil {
		return "", err
	}
	token := base64.RawURLEncoding.EncodeToString(b)
	now := a.now()
	err := a.store.Update(ctx, 0, func(tx *store.Tx) error {
		if err := tx.DeleteExpiredSessions(ctx, now); err != nil {
			return err
		}
		return tx.InsertSession(ctx, hashToken(token), u, clip(device), now, now.Add(life))
	})
	return token, err
}

func hashToken(token string) string {
	h := sha256.Sum256([]byte(token))
	return hex.EncodeToString(h[:])
}

// Device is what a browser keeps so that it is known again: nobody makes it without the person's password, and a new
// password makes the browsers of before unknown.
func (a *App) Device(ctx context.Context, email string) (device string, err error) {
	email = strings.ToLower(strings.TrimSpace(email))
	err = a.store.View(ctx, 0, func(tx *store.Tx) error {
		_, kept, err := tx.UserByEmail(ctx, email)
		mac := hmac.New(sha256.New, []byte(kept)) // its salt is secret too: the device tells nothing of the password
		mac.Write([]byte("relance device\x00" + email))
		device = base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
		return err
	})
	return device, err
}

// KnownDevice tells whether the person of an address has signed in with that browser.
func (a *App) KnownDevice(ctx context.Context, email, device string) (bool, error) {
	if device == "" {
		return false, nil
	}
	want, err := a.Device(ctx, email)
	if fault.Of(err) == fault.NotFound {
		return false, nil
	}
	return err == nil && hmac.Equal([]byte(want), []byte(device)), err
}

// SignOut closes a session.
func (a *App) SignOut(ctx context.Context, token string) error {
	return a.store.Update(ctx, 0, func(tx *store.Tx) error { return tx.DeleteSession(ctx, hashToken(token)) })
}

// Seat finds who holds a session and the companies where they work. A session ends with its life, or when a quarter
// of its life passes without a visit; visits are noted once an hour.
func (a *App) Seat(ctx context.Context, token string) (u org.User, places []store.Membership, err error) {
	now, seen := a.now(), time.Time{}
	err = a.store.View(ctx, 0, func(tx *store.Tx) error {
		if u, seen, err = tx.Session(ctx, hashToken(token), now); err != nil {
			return err
		}
		places, err = tx.Memberships(ctx, u.ID)
		return err
	})
	if err == nil && now.Sub(seen) > noteVisits {
		err = a.store.Update(ctx, 0, func(tx *store.Tx) error { return tx.SeeSession(ctx, hashToken(token), now) })
	}
	return u, places, err
}

// noteVisits is how often a visit is written down.
const noteVisits = time.Hour
