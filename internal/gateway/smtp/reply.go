package smtp

import (
	"bufio"
	"errors"
	"strings"
	"unicode"

	"relance/internal/ground/fault"
)

// reply is what the server answered.
type reply struct {
	code int
	text string // of all lines, joined by "\n", without codes
}

// String is the reply as it is kept in the journal: one line, printable.
func (r reply) String() string {
	s := string(rune('0'+r.code/100)) + string(rune('0'+r.code/10%10)) + string(rune('0'+r.code%10)) + " " + r.text
	s = strings.Map(func(c rune) rune {
		if !unicode.IsPrint(c) {
			return ' '
		}
		return c
	}, s)
	const most = 500
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}

// Limits of what a server may say.
const (
	maxReplyLine  = 4096
	maxReplyLines = 128
)

var errReply = errors.New("the server's reply is not SMTP")

// readReply reads "250-first", "250 last".
func readReply(r *bufio.Reader) (reply, error) {
	var out reply
	var b strings.Builder
	for range maxReplyLines {
		line, err := r.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			return out, errReply
		}
		if err != nil {
			return out, err
		}
		s := strings.TrimRight(string(line), "\r\n")
		if len(s) < 3 || s[0] < '2' || s[0] > '5' || s[1] < '0' || s[1] > '9' || s[2] < '0' || s[2] > '9' || len(s) > 3 && s[3] != ' ' && s[3] != '-' {
			return out, errReply
		}
		code := int(s[0]-'0')*100 + int(s[1]-'0')*10 + int(s[2]-'0')
		if out.code != 0 && out.code != code {
			return out, errReply
		}
		out.code = code
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		if len(s) > 4 {
			b.WriteString(strings.ToValidUTF8(s[4:], "?"))
		}
		if len(s) == 3 || s[3] == ' ' {
			out.text = b.String()
			return out, nil
		}
	}
	return out, errReply
}

// refused makes the error of a reply that is not the one hoped for.
func refused(r reply) *fault.Error {
	switch {
	case r.code == 530 || r.code == 534 || r.code == 535 || r.code == 538:
		return fault.New(fault.Forbidden, "smtp.auth", r.String())
	case r.code >= 500:
		return fault.New(fault.Invalid, "smtp.refused", r.String())
	case r.code >= 400:
		return fault.New(fault.Unavailable, "smtp.temporary", r.String())
	}
	return fault.New(fault.Unavailable, "smtp.temporary", errReply.Error()+": "+r.String())
}

// broken is the error of a connection that ended before the message was whole: nothing left.
func broken(err error) *fault.Error {
	return &fault.Error{Kind: fault.Unavailable, Key: "smtp.temporary", Args: []any{"—"}, Err: err}
}
