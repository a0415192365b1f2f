package en16931

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"relance/internal/format/charset"
	"relance/internal/ground/fault"
)

// Limits of an XML file. A real invoice of 10,000 lines has about 400,000 elements at depth 9;
// its lines are checked and dropped, so that few of them are kept.
const (
	MaxBytes = 16 << 20
	maxDepth = 64
	maxSeen  = 1_000_000 // elements read
	maxKept  = 20_000    // elements kept in the tree
	maxText  = 64 << 10  // bytes of text kept of one element
)

// Node is an element: its local name, its text without surrounding blanks, and where it stands.
type Node struct {
	Space, Name string
	Text        string
	Line        int
	Kids        []*Node
	raw         []byte // Text while it is being read
	attrs       []xml.Attr
}

// Tree is a document whose invoice lines were looked at and left out.
type Tree struct {
	Root     *Node
	Lines    int             // invoice lines seen
	Warnings []fault.Problem // encoding that lies, line amounts that are no numbers
}

// lineItems are the invoice lines of each syntax; a dunning program needs none of them.
var lineItems = map[string]bool{
	"IncludedSupplyChainTradeLineItem": true, "InvoiceLine": true, "CreditNoteLine": true,
}

// lineAmounts are the net amounts of lines (BT-131): two decimals at most (BR-DEC-23), since two
// ways to round the third make two totals.
var lineAmounts = map[string]bool{"LineTotalAmount": true, "LineExtensionAmount": true}

// ParseXML reads a document within the limits above. A DOCTYPE is refused: no invoice needs one,
// and entity bombs do. Errors are fault.Invalid with the line of the fault.
func ParseXML(r io.Reader) (*Tree, error) {
	raw, err := readAll(r)
	if err != nil {
		return nil, err
	}
	t := &Tree{}
	text := t.decode(raw)
	d := xml.NewDecoder(bytes.NewReader(text))
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // already UTF-8
	p := parser{tree: t, dec: d}
	return t, p.run()
}

func readAll(r io.Reader) ([]byte, error) {
	head := make([]byte, 4096)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fault.New(fault.Invalid, "format.unreadable", err.Error())
	}
	head = head[:n]
	if !looksXML(head) {
		return nil, fault.New(fault.Invalid, "format.xml.not")
	}
	rest, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return nil, fault.New(fault.Invalid, "format.unreadable", err.Error())
	}
	if len(rest) > MaxBytes {
		return nil, fault.New(fault.Invalid, "format.too-large", MaxBytes>>20)
	}
	return append(head, rest...), nil
}

// looksXML: the first thing that is neither blank nor a byte order mark is '<'.
func looksXML(head []byte) bool {
	e, bom := charset.Detect(head)
	head = head[bom:]
	if e == charset.UTF16BE && len(head) > 0 {
		head = head[1:]
	}
	head = bytes.TrimLeft(head, " \t\r\n\x00")
	return len(head) > 0 && head[0] == '<'
}

// decode gives UTF-8 whatever the declaration says: a name with its accents broken would go on
// the envelope of a letter (facturx-cas-limites XML-003).
func (t *Tree) decode(raw []byte) []byte {
	e, bom := charset.Detect(raw[:min(len(raw), 4096)])
	raw = raw[bom:]
	if e == charset.UTF16LE || e == charset.UTF16BE {
		out, _ := io.ReadAll(io.LimitReader(charset.UTF16(bytes.NewReader(raw), e), 2*MaxBytes))
		return out
	}
	said := declared(raw)
	switch {
	case utf8.Valid(raw):
		if said != "" && said != "utf-8" && said != "utf8" && said != "us-ascii" && !ascii(raw) {
			t.warn(1, "encoding", said, "format.encoding.lies", string(charset.UTF8))
		}
		return raw
	case said == "" || strings.HasPrefix(said, "utf"):
		t.warn(1, "encoding", said, "format.encoding.lies", string(charset.CP1252))
	}
	return []byte(charset.Line(raw, charset.CP1252))
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// declared is the encoding of the XML declaration in lower case, "" when there is none.
func declared(b []byte) string {
	head := b[:min(len(b), 200)]
	if !bytes.HasPrefix(head, []byte("<?xml")) {
		return ""
	}
	if i := bytes.Index(head, []byte("?>")); i > 0 {
		head = head[:i]
	}
	_, rest, ok := bytes.Cut(head, []byte("encoding"))
	if !ok {
		return ""
	}
	rest = bytes.TrimLeft(rest, " =\t")
	if len(rest) < 2 {
		return ""
	}
	name, _, _ := bytes.Cut(rest[1:], rest[:1])
	return strings.ToLower(string(name))
}

func (t *Tree) warn(line int, field, value, key string, args ...any) {
	if len(t.Warnings) < maxProblems {
		t.Warnings = append(t.Warnings, problem(line, field, value, key, args...))
	}
}

type parser struct {
	tree       *Tree
	dec        *xml.Decoder
	stack      []*Node // nil entries: elements that are left out
	seen, kept int
	inLine     int    // depth inside an invoice line, 0 outside
	lineElem   string // element inside a line that was opened last
	text       []byte // text of the innermost element inside a line
}

func (p *parser) run() error {
	for {
		tok, err := p.dec.Token()
		if errors.Is(err, io.EOF) {
			if p.tree.Root == nil {
				return fault.New(fault.Invalid, "format.xml.not")
			}
			return nil
		}
		if err != nil {
			return p.malformed(err)
		}
		switch tok := tok.(type) {
		case xml.Directive:
			return fault.New(fault.Invalid, "format.xml.doctype", p.line())
		case xml.StartElement:
			if err := p.start(tok); err != nil {
				return err
			}
		case xml.EndElement:
			p.end()
		case xml.CharData:
			p.chars(tok)
		}
	}
}

func (p *parser) line() int { l, _ := p.dec.InputPos(); return l }

func (p *parser) malformed(err error) error {
	var s *xml.SyntaxError
	if errors.As(err, &s) {
		return fault.New(fault.Invalid, "format.xml.malformed", s.Line, s.Msg)
	}
	return fault.New(fault.Invalid, "format.xml.malformed", p.line(), err.Error())
}

func (p *parser) start(e xml.StartElement) error {
	p.seen++
	if len(p.stack) >= maxDepth || p.seen > maxSeen {
		return fault.New(fault.Invalid, "format.xml.too-deep", p.line())
	}
	if p.inLine > 0 || lineItems[e.Name.Local] && len(p.stack) <= 3 {
		if p.inLine == 0 {
			p.tree.Lines++
		}
		p.inLine++
		p.lineElem = e.Name.Local
		p.text = p.text[:0]
		p.stack = append(p.stack, nil)
		return nil
	}
	if p.kept++; p.kept > maxKept {
		return fault.New(fault.Invalid, "format.xml.too-deep", p.line())
	}
	n := &Node{Space: e.Name.Space, Name: e.Name.Local, Line: p.line()}
	for _, a := range e.Attr {
		switch a.Name.Local {
		case "schemeID", "format", "currencyID", "name":
			n.attrs = append(n.attrs, a)
		}
	}
	if len(p.stack) == 0 {
		p.tree.Root = n
	} else {
		up := p.stack[len(p.stack)-1]
		up.Kids = append(up.Kids, n)
	}
	p.stack = append(p.stack, n)
	return nil
}

func (p *parser) end() {
	top := p.stack[len(p.stack)-1]
	p.stack = p.stack[:len(p.stack)-1]
	if top != nil {
		top.Text, top.raw = strings.TrimSpace(string(top.raw)), nil
		return
	}
	p.inLine--
	p.lineText()
	p.text = p.text[:0]
}

// lineText looks at the amounts of an invoice line although nothing is taken from them: a file
// whose lines are written with a decimal comma was made by a generator worth a warning.
func (p *parser) lineText() {
	s := strings.TrimSpace(string(p.text))
	if s == "" || len(s) > 40 {
		return
	}
	if _, frac, _ := strings.Cut(s, "."); lineAmounts[p.lineElem] && len(strings.TrimRight(frac, "0")) > 2 {
		p.tree.warn(p.line(), "line", s, "format.line.decimals")
	}
	if !strings.ContainsAny(s, ",") {
		return
	}
	for _, c := range s {
		if c != ',' && c != '.' && c != '-' && (c < '0' || c > '9') {
			return
		}
	}
	p.tree.warn(p.line(), "line", s, "format.amount.comma")
}

func (p *parser) chars(text []byte) {
	if len(p.stack) == 0 {
		return
	}
	top := p.stack[len(p.stack)-1]
	switch {
	case top == nil:
		if len(p.text) < 64 {
			p.text = append(p.text, text[:min(len(text), 64)]...)
		}
	case len(top.raw)+len(text) <= maxText && len(bytes.TrimSpace(text)) > 0:
		top.raw = append(top.raw, text...)
	}
}

// At walks down by local names; a step may give alternatives, "ID|IssuerAssignedID". The first
// match of each step is taken; nil when there is none, and nil can be walked again.
func (n *Node) At(path ...string) *Node {
	for _, step := range path {
		if n == nil {
			return nil
		}
		n = n.kid(step)
	}
	return n
}

func (n *Node) kid(step string) *Node {
	for _, k := range n.Kids {
		if named(step, k.Name) {
			return k
		}
	}
	return nil
}

func named(step, name string) bool {
	for step != "" {
		var one string
		one, step, _ = strings.Cut(step, "|")
		if one == name {
			return true
		}
	}
	return false
}

// All gives every child of that name (alternatives as in At).
func (n *Node) All(step string) []*Node {
	if n == nil {
		return nil
	}
	var out []*Node
	for _, k := range n.Kids {
		if named(step, k.Name) {
			out = append(out, k)
		}
	}
	return out
}

// Attr is the value of an attribute by its local name, "" when absent.
func (n *Node) Attr(name string) string {
	if n == nil {
		return ""
	}
	for _, a := range n.attrs {
		if a.Name.Local == name {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}

// Str is the text of the element, "" of nil.
func (n *Node) Str() string {
	if n == nil {
		return ""
	}
	return n.Text
}

// Value is the text with its place and the attribute that qualifies it: the format of a date,
// the currency of an amount.
func (n *Node) Value() Text {
	if n == nil {
		return Text{}
	}
	return Text{Value: n.Text, Line: n.Line, Format: n.Attr("format"), Currency: n.Attr("currencyID")}
}
