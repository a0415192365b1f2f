package journal

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"time"

	"relance/internal/ground/cal"
	"relance/internal/ground/id"
)

// Kind names a fact: "invoice.imported", "message.sent", "hold.set".
type Kind string

// Entry is one fact. Seq and Hash are zero until it is sealed.
type Entry struct {
	ID       int64 // order of writing
	Seq      int64 // place in the chain, 1-based, without gap
	At       time.Time
	Day      cal.Date // the civil day the fact is stamped with
	Actor    string
	Kind     Kind
	Customer id.Customer // subjects, zero when they do not apply
	Invoice  id.Invoice
	Message  id.Message
	Body     string // JSON; may be erased
	Digest   string // hex SHA-256 of the body as first written
	Prev     string // hash of the entry before
	Hash     string
}

// DigestOf is the hex SHA-256 of a body.
func DigestOf(body string) string {
	h := sha256.Sum256([]byte(body))
	return hex.EncodeToString(h[:])
}

// Seal gives the entry its place after prev: its hash covers every field but the body, which its
// digest stands for.
func (e Entry) Seal(company id.Company, seq int64, prev string) Entry {
	e.Seq, e.Prev = seq, prev
	h := sha256.New()
	field := func(s string) {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(s)))
		h.Write(n[:])
		h.Write([]byte(s))
	}
	num := func(v int64) {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(v))
		h.Write(n[:])
	}
	field(prev)
	for _, v := range []int64{int64(company), seq, e.ID, e.At.UnixMilli(), int64(e.Customer), int64(e.Invoice), int64(e.Message)} {
		num(v)
	}
	for _, s := range []string{e.Day.String(), e.Actor, string(e.Kind), e.Digest} {
		field(s)
	}
	e.Hash = hex.EncodeToString(h.Sum(nil))
	return e
}

// Verify checks one entry against the one before it; a non-empty answer says what is broken.
func Verify(company id.Company, e Entry, seq int64, prev string) (broken string) {
	switch {
	case e.Seq != seq:
		return "gap"
	case e.Prev != prev:
		return "order"
	case e.Seal(company, seq, prev).Hash != e.Hash:
		return "changed"
	case e.Body != "" && DigestOf(e.Body) != e.Digest:
		return "body"
	}
	return ""
}
