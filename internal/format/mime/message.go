package mime

import (
	"encoding/base64"
	"time"
)

// Address is a person or a service; Name may be empty.
type Address struct{ Name, Address string }

// Message is one e-mail. Text is needed; HTML, Inline and Attachments are not.
type Message struct {
	From, ReplyTo Address
	To, Cc        []Address
	Subject       string
	MessageID     string // "local@domain", without angles
	InReplyTo     string // likewise
	References    []string
	Date          time.Time
	Text, HTML    string
	Inline        []Part // shown by HTML as cid:ContentID
	Attachments   []Part
	Headers       [][2]string // more of them, in order
}

// Part is a document of a message.
type Part struct {
	Name      string // of the file, as people read it
	MediaType string // "application/pdf"; "" is application/octet-stream
	ContentID string // of an inline part, without angles
	Data      []byte
	lines     []byte // of Data in base64, when they were made before
}

// Encoded gives the part with its base64 made: an invoice that goes out with three reminders, or
// to many people, is encoded once.
func (p Part) Encoded() Part {
	p.lines = appendBase64(nil, p.Data)
	return p
}

const lineBytes = 57 // of data, 76 of text (RFC 2045, 6.8)

// appendBase64 writes lines of 76 letters.
func appendBase64(out, data []byte) []byte {
	n := len(data)
	out = grow(out, base64.StdEncoding.EncodedLen(n)+2*(n/lineBytes+1))
	for len(data) > 0 {
		k := min(lineBytes, len(data))
		out = base64.StdEncoding.AppendEncode(out, data[:k])
		out = append(out, '\r', '\n')
		data = data[k:]
	}
	return out
}

func grow(b []byte, n int) []byte {
	if cap(b)-len(b) >= n {
		return b
	}
	return append(make([]byte, 0, len(b)+n), b...)
}
