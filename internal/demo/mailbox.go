package demo

import (
	"bytes"
	"sync"
	"time"

	"relance/internal/format/mime"
	"relance/internal/ground/fault"
)

// maxMails bounds the mailbox: the oldest mails are forgotten.
const maxMails = 5000

// Mail is a mail as it was received.
type Mail struct {
	ID         int
	At         time.Time
	Sender     string
	Recipients []string // of the envelope
	mime.Message
}

// Mailbox catches every mail of the demonstration: none ever leaves the machine.
type Mailbox struct {
	now func() time.Time

	mu   sync.Mutex
	list []*Mail // oldest first
	next int
}

// NewMailbox catches mails and dates them by a clock.
func NewMailbox(now func() time.Time) *Mailbox { return &Mailbox{now: now} }

// Take receives a mail; it is what the built-in mail server calls.
func (b *Mailbox) Take(from string, to []string, data []byte) error {
	m, err := mime.Read(bytes.NewReader(data))
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.next++
	b.list = append(b.list, &Mail{ID: b.next, At: b.now(), Sender: from, Recipients: to, Message: m})
	if len(b.list) > maxMails {
		b.list = append([]*Mail(nil), b.list[len(b.list)-maxMails:]...)
	}
	return nil
}

// Mails lists a page of the mails, the newest first, and how many there are.
func (b *Mailbox) Mails(offset, limit int) (page []*Mail, total int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := len(b.list) - 1 - offset; i >= 0 && len(page) < limit; i-- {
		page = append(page, b.list[i])
	}
	return page, len(b.list)
}

// Mail finds one mail.
func (b *Mailbox) Mail(n int) (*Mail, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, m := range b.list {
		if m.ID == n {
			return m, nil
		}
	}
	return nil, fault.New(fault.NotFound, "demo.no-mail")
}
