package mime

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"mime"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"relance/internal/ground/fault"
)

// Write makes the bytes of a message: mixed(alternative(text, related(html, inline)), attachments),
// with only the levels that are needed. Lines end with CR LF and have at most 78 characters where
// they can be folded, never more than 998.
//
// There is no List-Unsubscribe: a reminder of a debt is not an advertisement. There is no
// Auto-Submitted: an answer to it, even an automatic one (absent until…), is read.
func Write(m Message) ([]byte, error) {
	if err := check(&m); err != nil {
		return nil, err
	}
	w := writer{buf: make([]byte, 0, size(&m)), seed: m.MessageID}
	w.headers(&m)
	w.body(&m)
	return w.buf, nil
}

// size guesses high, so that the buffer is made once.
func size(m *Message) int {
	n := 4096 + len(m.Text)*3/2 + len(m.HTML)*3/2
	for _, list := range [][]Part{m.Inline, m.Attachments} {
		for i := range list {
			n += 512 + len(list[i].Data)*3/2
		}
	}
	return n
}

type writer struct {
	buf   []byte
	seed  string
	parts byte
}

func (w *writer) headers(m *Message) {
	w.header("Date", m.Date.Format("Mon, 02 Jan 2006 15:04:05 -0700"))
	w.addresses("From", []Address{m.From})
	if m.ReplyTo.Address != "" {
		w.addresses("Reply-To", []Address{m.ReplyTo})
	}
	w.addresses("To", m.To)
	if len(m.Cc) > 0 {
		w.addresses("Cc", m.Cc)
	}
	w.header("Message-ID", "<"+m.MessageID+">")
	if m.InReplyTo != "" {
		w.header("In-Reply-To", "<"+m.InReplyTo+">")
	}
	if len(m.References) > 0 {
		w.header("References", "<"+strings.Join(m.References, "> <")+">")
	}
	w.header("Subject", word(m.Subject))
	for _, h := range m.Headers {
		w.header(h[0], word(h[1]))
	}
	w.header("MIME-Version", "1.0")
}

// word encodes a text for a header where it is not plain (RFC 2047): words of at most 75
// characters, which the writer folds between. A plain text that would be read as encoded, or that
// has no place to fold at, is encoded too.
func word(s string) string {
	if strings.Contains(s, "=?") || slices.ContainsFunc(strings.Split(s, " "), func(w string) bool { return len(w) > 200 }) {
		return forceWord(s)
	}
	return mime.QEncoding.Encode("utf-8", s)
}

func (w *writer) addresses(name string, list []Address) {
	out := make([]string, len(list))
	for i, a := range list {
		email, _ := ASCII(a.Address) // checked before
		out[i] = phrase(a.Name) + "<" + email + ">"
		if a.Name == "" {
			out[i] = email
		}
	}
	w.header(name, strings.Join(out, ", "))
}

// phrase writes a name before an address: quoted when it is plain, encoded otherwise. A quoted
// name that is long could not be folded; one that looks encoded would be decoded.
func phrase(name string) string {
	plain := len(name) <= 60 && !strings.Contains(name, "=?")
	for i := range len(name) {
		plain = plain && name[i] < utf8.RuneSelf
	}
	switch {
	case name == "":
		return ""
	case plain:
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name) + `" `
	}
	return forceWord(name) + " "
}

// forceWord encodes a text in words that may stand anywhere, even before an address (RFC 2047,
// 5 (3)): only letters and digits stay as they are.
func forceWord(s string) string {
	const open, shut, most = "=?utf-8?q?", "?=", 75
	var b strings.Builder
	n := 0
	for _, r := range s {
		enc := string(r)
		switch {
		case r == ' ':
			enc = "_"
		case r >= utf8.RuneSelf || !(r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'):
			enc = "=" + strings.ToUpper(hex.EncodeToString([]byte(enc)[:1]))
			for _, c := range []byte(string(r))[1:] {
				enc += "=" + strings.ToUpper(hex.EncodeToString([]byte{c}))
			}
		}
		// A character is not cut: each word is decoded by itself.
		if n+len(enc)+len(shut) > most {
			b.WriteString(shut + " ")
			n = 0
		}
		if n == 0 {
			b.WriteString(open)
			n = len(open)
		}
		b.WriteString(enc)
		n += len(enc)
	}
	return b.String() + shut
}

// header writes a header, folded at spaces to 78 columns where there are spaces.
func (w *writer) header(name, value string) {
	w.buf = append(w.buf, name...)
	w.buf = append(w.buf, ':')
	col := len(name) + 1
	for i, part := range strings.Split(value, " ") {
		if col+1+len(part) > 78 && i > 0 && part != "" {
			w.buf = append(w.buf, "\r\n"...)
			col = 0
		}
		w.buf = append(w.buf, ' ')
		w.buf = append(w.buf, part...)
		col += 1 + len(part)
	}
	w.buf = append(w.buf, "\r\n"...)
}

// boundary is made of the identifier and the rank of the level: never random, never in a body
// (quoted-printable and base64 do not write "=_" followed by this).
func (w *writer) boundary() string {
	w.parts++
	h := sha256.Sum256(append([]byte(w.seed), 0, w.parts))
	return "=_" + hex.EncodeToString(h[:12])
}

func (w *writer) open(kind, extra string) string {
	b := w.boundary()
	w.header("Content-Type", "multipart/"+kind+"; boundary=\""+b+"\""+extra)
	w.buf = append(w.buf, "\r\n"...)
	return b
}

// next begins a part. The line break before a boundary belongs to it (RFC 2046, 5.1.1): what came
// before has ended its line.
func (w *writer) next(boundary string) {
	w.buf = append(w.buf, "--"+boundary+"\r\n"...)
}

func (w *writer) close(boundary string) {
	w.buf = append(w.buf, "--"+boundary+"--\r\n"...)
}

func (w *writer) body(m *Message) {
	if len(m.Attachments) == 0 {
		w.words(m)
		return
	}
	b := w.open("mixed", "")
	w.next(b)
	w.words(m)
	for i := range m.Attachments {
		w.next(b)
		w.document(&m.Attachments[i], "attachment")
	}
	w.close(b)
}

func (w *writer) words(m *Message) {
	if m.HTML == "" {
		w.text("plain", m.Text)
		return
	}
	b := w.open("alternative", "")
	w.next(b)
	w.text("plain", m.Text)
	w.next(b)
	if len(m.Inline) == 0 {
		w.text("html", m.HTML)
	} else {
		r := w.open("related", "; type=\"text/html\"")
		w.next(r)
		w.text("html", m.HTML)
		for i := range m.Inline {
			w.next(r)
			w.document(&m.Inline[i], "inline")
		}
		w.close(r)
	}
	w.close(b)
}

func (w *writer) text(kind, s string) {
	w.header("Content-Type", "text/"+kind+"; charset=utf-8")
	w.header("Content-Transfer-Encoding", "quoted-printable")
	w.buf = append(w.buf, "\r\n"...)
	w.buf = appendQuoted(w.buf, s)
	// The line break is the boundary's; without one, it ends the message where the text did not.
	if w.parts > 0 || !bytes.HasSuffix(w.buf, []byte("\r\n")) {
		w.buf = append(w.buf, "\r\n"...)
	}
}

func (w *writer) document(p *Part, how string) {
	kind := p.MediaType
	if kind == "" {
		kind = "application/octet-stream"
	}
	w.header("Content-Type", kind)
	w.header("Content-Disposition", how+fileName(p.Name))
	if p.ContentID != "" {
		w.header("Content-ID", "<"+p.ContentID+">")
	}
	w.header("Content-Transfer-Encoding", "base64")
	w.buf = append(w.buf, "\r\n"...)
	if p.lines != nil {
		w.buf = append(w.buf, p.lines...)
	} else {
		w.buf = appendBase64(w.buf, p.Data)
	}
	if len(p.Data) == 0 {
		w.buf = append(w.buf, "\r\n"...)
	}
}

// fileName is the parameter of a name: quoted when it is plain, else percent-encoded and cut in
// numbered pieces (RFC 2231), each on its line.
func fileName(name string) string {
	if name == "" {
		return ""
	}
	plain := len(name) <= 60
	for i := range len(name) {
		c := name[i]
		plain = plain && c >= ' ' && c < 0x7f && c != '"' && c != '\\'
	}
	if plain {
		return "; filename=\"" + name + "\""
	}
	enc := percent(name)
	const most = 50
	if len(enc) <= most {
		return "; filename*=utf-8''" + enc
	}
	var b strings.Builder
	for i := 0; enc != ""; i++ {
		n := min(most, len(enc))
		// An escape is not cut.
		for n < len(enc) && (enc[n-1] == '%' || n > 1 && enc[n-2] == '%') {
			n--
		}
		b.WriteString("; filename*" + itoa(i) + "*=")
		if i == 0 {
			b.WriteString("utf-8''")
		}
		b.WriteString(enc[:n])
		enc = enc[n:]
	}
	return b.String()
}

func itoa(i int) string {
	if i < 10 {
		return string(rune('0' + i))
	}
	return itoa(i/10) + itoa(i%10)
}

func percent(s string) string {
	const upper = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '.', c == '-', c == '_':
			b.WriteByte(c)
		default:
			b.Write([]byte{'%', upper[c>>4], upper[c&15]})
		}
	}
	return b.String()
}

// zero dates are a caller's mistake that a reader would see as 1901.
func dated(t time.Time) bool { return t.Year() > 1970 && t.Year() < 10000 }

func invalid(key string, args ...any) error { return fault.New(fault.Invalid, key, args...) }
