package mime

import (
	"errors"
	"io"
	"mime"
	"net/mail"
	"strings"
	"time"

	"github.com/emersion/go-message"
	"github.com/emersion/go-message/charset"

	"relance/internal/ground/fault"
)

// Limits of a message that is read.
const (
	MaxBytes  = 32 << 20
	maxHeader = 256 << 10
	maxDepth  = 12
	maxParts  = 500
	maxText   = 4 << 20
)

// Read reads a message that came from anywhere: its headers, its first text of each kind, and its
// other parts as attachments or inline. What cannot be decoded is kept as it came; only a thing
// that is no message at all, or one over a limit, is an error.
func Read(r io.Reader) (m Message, err error) {
	defer fault.Wrap(&err, "mime.read")
	limited := &io.LimitedReader{R: r, N: MaxBytes + 1}
	e, err := message.ReadWithOptions(limited, &message.ReadOptions{MaxHeaderBytes: maxHeader})
	if e == nil || err != nil && !decodable(err) {
		return m, &fault.Error{Kind: fault.Invalid, Key: "mime.malformed", Err: err}
	}
	readHeaders(&m, &e.Header)
	w := walker{m: &m}
	err = w.walk(e, 1)
	if limited.N <= 0 {
		return m, fault.New(fault.Invalid, "mime.too-large", MaxBytes>>20)
	}
	return m, err
}

// decodable: an unknown encoding or alphabet leaves the bytes to be read as they are.
func decodable(err error) bool {
	return message.IsUnknownCharset(err) || message.IsUnknownEncoding(err)
}

var words = mime.WordDecoder{CharsetReader: charset.Reader}

func readHeaders(m *Message, h *message.Header) {
	parser := mail.AddressParser{WordDecoder: &words}
	list := func(key string) []Address {
		var out []Address
		for f := h.FieldsByKey(key); f.Next(); {
			found, err := parser.ParseList(f.Value())
			if err != nil {
				continue
			}
			for _, a := range found {
				out = append(out, Address{a.Name, a.Address})
			}
		}
		return out
	}
	first := func(key string) Address {
		if l := list(key); len(l) > 0 {
			return l[0]
		}
		return Address{}
	}
	m.From, m.ReplyTo, m.To, m.Cc = first("From"), first("Reply-To"), list("To"), list("Cc")
	m.Subject = decodeWords(h.Get("Subject"))
	if ids := identifiers(h.Get("Message-Id")); len(ids) > 0 {
		m.MessageID = ids[0]
	}
	if ids := identifiers(h.Get("In-Reply-To")); len(ids) > 0 {
		m.InReplyTo = ids[0]
	}
	m.References = identifiers(h.Get("References"))
	if d, err := mail.ParseDate(h.Get("Date")); err == nil {
		m.Date = d
	} else {
		m.Date = time.Time{}
	}
	for f := h.Fields(); f.Next(); {
		if k := f.Key(); !ours[strings.ToLower(k)] {
			m.Headers = append(m.Headers, [2]string{k, decodeWords(f.Value())})
		}
	}
}

func decodeWords(s string) string {
	out, err := words.DecodeHeader(s)
	if err != nil {
		out = s
	}
	return strings.ToValidUTF8(out, "\ufffd")
}

// identifiers reads "<a@b> <c@d>".
func identifiers(s string) []string {
	var out []string
	for s != "" {
		_, rest, ok := strings.Cut(s, "<")
		if !ok {
			break
		}
		id, after, ok := strings.Cut(rest, ">")
		if !ok {
			break
		}
		if isID(id) {
			out = append(out, id)
		}
		s = after
	}
	return out
}

type walker struct {
	m     *Message
	parts int
}

func (w *walker) walk(e *message.Entity, depth int) error {
	w.parts++
	if depth > maxDepth || w.parts > maxParts {
		return fault.New(fault.Invalid, "mime.too-deep", maxDepth, maxParts)
	}
	if mr := e.MultipartReader(); mr != nil {
		for {
			p, err := mr.NextPart()
			if p == nil || err != nil && !decodable(err) {
				// A message cut short: what came is kept.
				return nil
			}
			if err := w.walk(p, depth+1); err != nil {
				return err
			}
		}
	}
	return w.leaf(e)
}

func (w *walker) leaf(e *message.Entity) error {
	kind, params, err := e.Header.ContentType()
	if err != nil {
		kind = "text/plain"
	}
	how, dparams, _ := e.Header.ContentDisposition()
	name := dparams["filename"]
	if name == "" {
		name = params["name"]
	}
	data, err := io.ReadAll(io.LimitReader(e.Body, MaxBytes+1))
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && len(data) == 0 {
		data = nil // not decodable at all: an empty part with its name
	}
	text := how != "attachment" && name == "" && len(data) <= maxText
	switch {
	case text && kind == "text/plain" && w.m.Text == "":
		w.m.Text = plain(data)
		return nil
	case text && kind == "text/html" && w.m.HTML == "":
		w.m.HTML = plain(data)
		return nil
	}
	p := Part{Name: decodeWords(name), MediaType: kind, Data: data}
	if ids := identifiers(e.Header.Get("Content-Id")); len(ids) > 0 {
		p.ContentID = ids[0]
	}
	if p.ContentID != "" && how != "attachment" {
		w.m.Inline = append(w.m.Inline, p)
	} else {
		w.m.Attachments = append(w.m.Attachments, p)
	}
	return nil
}

// plain is valid UTF-8 with line ends of one kind.
func plain(b []byte) string {
	return strings.ReplaceAll(strings.ToValidUTF8(string(b), "\ufffd"), "\r\n", "\n")
}
