package mime

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// ours are the headers that Write makes: an extra one may not double them. Bcc would be read.
var ours = map[string]bool{"date": true, "from": true, "sender": true, "reply-to": true, "to": true, "cc": true, "bcc": true,
	"message-id": true, "in-reply-to": true, "references": true, "subject": true, "mime-version": true,
	"content-type": true, "content-transfer-encoding": true, "content-disposition": true, "content-id": true,
	"list-unsubscribe": true, "list-unsubscribe-post": true}

// check refuses what would break out of its place: names and subjects come from files.
func check(m *Message) error {
	if m.Text == "" {
		return invalid("mime.no-text")
	}
	if !dated(m.Date) {
		return invalid("mime.header", "Date")
	}
	if len(m.To) == 0 {
		return invalid("mime.address", "")
	}
	all := append(append([]Address{m.From}, m.To...), m.Cc...)
	if m.ReplyTo != (Address{}) {
		all = append(all, m.ReplyTo)
	}
	for _, a := range all {
		if _, ok := ASCII(a.Address); !ok || !oneLine(a.Name, 400) {
			return invalid("mime.address", a.Address)
		}
	}
	ids := append([]string{m.MessageID}, m.References...)
	if m.InReplyTo != "" {
		ids = append(ids, m.InReplyTo)
	}
	for _, id := range ids {
		if !isID(id) || !strings.Contains(id, "@") {
			return invalid("mime.id", id)
		}
	}
	if !oneLine(m.Subject, 2000) {
		return invalid("mime.header", "Subject")
	}
	for _, h := range m.Headers {
		if !isName(h[0]) || ours[strings.ToLower(h[0])] || !oneLine(h[1], 4000) {
			return invalid("mime.header", h[0])
		}
	}
	return checkParts(m)
}

func checkParts(m *Message) error {
	for _, p := range m.Inline {
		if !isID(p.ContentID) || m.HTML == "" {
			return invalid("mime.id", p.ContentID)
		}
	}
	for _, list := range [][]Part{m.Inline, m.Attachments} {
		for _, p := range list {
			if !oneLine(p.Name, 400) {
				return invalid("mime.header", p.Name)
			}
			if p.MediaType != "" && !isMedia(p.MediaType) {
				return invalid("mime.media", p.MediaType)
			}
			if p.ContentID != "" && !isID(p.ContentID) {
				return invalid("mime.id", p.ContentID)
			}
		}
	}
	return nil
}

// oneLine is a text without controls: no line break, nothing that a reader cannot see.
func oneLine(s string, most int) bool {
	if len(s) > most || !utf8.ValidString(s) {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 || r == '\u2028' || r == '\u2029' })
}

// ASCII gives the form of an address that every server takes, in a message as in an envelope: the
// domain in its ASCII form, the local part as it is. Local parts in other letters (RFC 6531) are
// refused: few servers take them.
func ASCII(email string) (string, bool) {
	i := strings.LastIndexByte(email, '@')
	if i < 1 || i == len(email)-1 || len(email) > 254 {
		return "", false
	}
	local, host := email[:i], email[i+1:]
	for j := range len(local) {
		c := local[j]
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`()<>[]:;@\,"`, c) >= 0 {
			return "", false
		}
	}
	if strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") || strings.Contains(local, "..") {
		return "", false
	}
	plain := true
	for j := range len(host) {
		c := host[j]
		plain = plain && (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.')
	}
	if !plain {
		var err error
		if host, err = idna.Lookup.ToASCII(host); err != nil {
			return "", false
		}
	}
	if strings.HasPrefix(host, ".") || strings.HasSuffix(host, ".") || strings.Contains(host, "..") {
		return "", false
	}
	out := local + "@" + host
	return out, len(out) <= 254
}

func isID(s string) bool {
	if s == "" || len(s) > 250 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f || c == '<' || c == '>' || c == '"' {
			return false
		}
	}
	return true
}

func isName(s string) bool {
	if s == "" || len(s) > 70 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f || c == ':' {
			return false
		}
	}
	return true
}

func isMedia(s string) bool {
	kind, sub, ok := strings.Cut(s, "/")
	token := func(s string) bool {
		return s != "" && len(s) <= 100 && !strings.ContainsFunc(s, func(r rune) bool {
			return r <= ' ' || r >= 0x7f || strings.ContainsRune(`()<>@,;:\"/[]?=`, r)
		})
	}
	return ok && token(kind) && token(sub)
}
