package mime

// appendQuoted writes a text in quoted-printable (RFC 2045, 6.7). Line
// breaks of any kind become CR LF; other controls are encoded. Dots at the start of a line are
// encoded too, and "From ": some servers change them.
func appendQuoted(out []byte, s string) []byte {
	const upper = "0123456789ABCDEF"
	col := 0
	soft := func(n int) {
		if col+n > 75 {
			out = append(out, "=\r\n"...)
			col = 0
		}
	}
	escape := func(c byte) {
		soft(3)
		out = append(out, '=', upper[c>>4], upper[c&15])
		col += 3
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\r' && i+1 < len(s) && s[i+1] == '\n':
		case c == '\n' || c == '\r':
			out = append(out, "\r\n"...)
			col = 0
		case (c == ' ' || c == '\t') && (i+1 == len(s) || s[i+1] == '\n' || s[i+1] == '\r'):
			escape(c)
		case c == '=' || c >= 0x7f || c < ' ' && c != '\t':
			escape(c)
		case col == 0 && (c == '.' || c == 'F' && len(s) > i+4 && s[i:i+5] == "From "):
			escape(c)
		default:
			soft(1)
			// What a soft break moves to the start of a line follows the same rule.
			if col == 0 && c == '.' {
				escape(c)
				continue
			}
			out = append(out, c)
			col++
		}
	}
	return out
}
