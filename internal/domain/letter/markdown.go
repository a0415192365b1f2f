package letter

import (
	"html"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	gmtext "github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// markdown parses CommonMark without extensions and without raw HTML: tables, images and code
// have no place in a letter.
var markdown = goldmark.New(goldmark.WithParser(parser.NewParser(
	parser.WithBlockParsers(
		util.Prioritized(parser.NewListParser(), 300),
		util.Prioritized(parser.NewListItemParser(), 400),
		util.Prioritized(parser.NewATXHeadingParser(), 600),
		util.Prioritized(parser.NewParagraphParser(), 1000),
	),
	parser.WithInlineParsers(
		util.Prioritized(parser.NewLinkParser(), 200),
		util.Prioritized(parser.NewEmphasisParser(), 500),
	),
))).Parser()

// toBlocks turns evaluated Markdown into blocks; layout gives the blocks that a mark stands for.
func toBlocks(src string, layout func(name string) []Block) []Block {
	source := []byte(src)
	var out []Block
	for n := markdown.Parse(gmtext.NewReader(source)).FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Heading:
			out = append(out, Block{Kind: Heading, Runs: inline(n, source)})
		case *ast.List:
			b := Block{Kind: List, Ordered: n.IsOrdered()}
			b.Items = items(n, source)
			out = append(out, b)
		default:
			rs := inline(n, source)
			if len(rs) == 1 && strings.HasPrefix(rs[0].Text, mark) {
				out = append(out, layout(strings.Trim(rs[0].Text, mark))...)
				continue
			}
			if len(rs) > 0 {
				out = append(out, Block{Kind: Paragraph, Runs: rs})
			}
		}
	}
	return out
}

// squeeze takes out the spaces that empty fields leave between two words; two spaces at the end
// of a line still break it.
func squeeze(s string) string {
	if !strings.Contains(s, "  ") {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == ' ' && (b.Len() == 0 || i+1 < len(s) && s[i+1] == ' ') {
			end := i
			for end < len(s) && s[end] == ' ' {
				end++
			}
			if end < len(s) && s[end] != '\n' {
				b.WriteByte(' ')
				i = end - 1
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// items flattens nested lists: a letter has one level of points.
func items(n ast.Node, source []byte) [][]Run {
	var out [][]Run
	for li := n.FirstChild(); li != nil; li = li.NextSibling() {
		var rs []Run
		var nested [][]Run
		for c := li.FirstChild(); c != nil; c = c.NextSibling() {
			if l, ok := c.(*ast.List); ok {
				nested = append(nested, items(l, source)...)
				continue
			}
			more := inline(c, source)
			if len(rs) > 0 && len(more) > 0 {
				more[0].Break = true
			}
			rs = append(rs, more...)
		}
		out = append(out, rs)
		out = append(out, nested...)
	}
	return out
}

func inline(n ast.Node, source []byte) []Run {
	w := &inliner{source: source}
	w.walk(n, Run{})
	for len(w.out) > 0 && strings.TrimSpace(w.out[len(w.out)-1].Text) == "" {
		w.out = w.out[:len(w.out)-1]
	}
	return w.out
}

type inliner struct {
	source []byte
	out    []Run
	brk    bool
}

func (w *inliner) walk(n ast.Node, style Run) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		s := style
		switch c := c.(type) {
		case *ast.Text:
			w.text(unescape(string(c.Segment.Value(w.source))), s)
			switch {
			case c.HardLineBreak():
				w.brk = true
			case c.SoftLineBreak():
				w.text(" ", s)
			}
			continue
		case *ast.String:
			w.text(string(c.Value), s)
			continue
		case *ast.Emphasis:
			if c.Level == 2 {
				s.Bold = true
			} else {
				s.Italic = true
			}
		case *ast.Link:
			s.Link = safeLink(string(c.Destination))
		}
		w.walk(c, s)
	}
}

func (w *inliner) text(t string, style Run) {
	if t == "" {
		return
	}
	if w.brk {
		t = strings.TrimLeft(t, " ")
		style.Break = true
		w.brk = false
	} else if last := len(w.out) - 1; last >= 0 {
		p := &w.out[last]
		if p.Bold == style.Bold && p.Italic == style.Italic && p.Link == style.Link {
			p.Text += t
			return
		}
	}
	style.Text = t
	w.out = append(w.out, style)
}

// unescape undoes backslashes and entities in one pass, so that a name such as "\&amp;" stays
// what it was outside.
func unescape(s string) string {
	if !strings.ContainsAny(s, `\&`) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && punct(rune(s[i+1])):
			i++
			b.WriteByte(s[i])
		case s[i] == '&':
			end := strings.IndexByte(s[i:min(len(s), i+32)], ';')
			if end < 0 {
				b.WriteByte('&')
				continue
			}
			b.WriteString(clean(html.UnescapeString(s[i : i+end+1])))
			i += end
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// safeLink keeps what a reader expects behind a link, and nothing that runs.
func safeLink(s string) string {
	l := strings.ToLower(s)
	for _, p := range []string{"https://", "http://", "mailto:", "tel:"} {
		if strings.HasPrefix(l, p) && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
			return s
		}
	}
	return ""
}
