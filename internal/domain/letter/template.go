package letter

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"text/template/parse"
	"unicode/utf8"

	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
)

// Bounds of the template language: a text is a letter, not a program.
const (
	maxSource = 64 << 10  // bytes of a source
	maxOutput = 512 << 10 // bytes of one evaluation
	maxSteps  = 400_000   // nodes visited by one evaluation
	maxDepth  = 32        // nested conditions and parentheses
)

// Template is a text that was checked: its fields exist, its functions are known, it ends.
type Template struct {
	lang    i18n.Lang
	subject *parse.ListNode
	body    *parse.ListNode
	says    map[string]bool // fields and blocks named anywhere in it
}

// blocks are the directives that stand for a part of the layout; each is a paragraph of its own.
var blockNames = map[string]bool{"invoices": true, "payment": true}

// functions and what they take; a nil list takes anything.
var functions = map[string]struct {
	min, max int
	out      sort
}{
	"and": {1, 8, aBool}, "or": {1, 8, aBool}, "not": {1, 1, aBool},
	"eq": {2, 2, aBool}, "ne": {2, 2, aBool}, "lt": {2, 2, aBool}, "le": {2, 2, aBool}, "gt": {2, 2, aBool}, "ge": {2, 2, aBool},
	"len":    {1, 1, aNumber},
	"plural": {3, 3, aText}, // plural .count "facture" "factures"
	"short":  {1, 1, aText}, // 22 nov. 2026
}

var place = regexp.MustCompile(`^template: [^:]*:(\d+)(?::\d+)?: (.*)$`)

// Parse checks a source: a first line "Objet : …" or "Subject: …", an empty line, then
// Markdown. Every problem carries its line; with any problem the template is nil.
func Parse(source string, l i18n.Lang) (*Template, []fault.Problem) {
	if len(source) > maxSource {
		return nil, []fault.Problem{{Line: 1, Key: "letter.template.too-long", Args: []any{maxSource >> 10}}}
	}
	source = strings.TrimPrefix(strings.ReplaceAll(source, "\r\n", "\n"), "\ufeff")
	if p := unprintable(source); p != nil {
		return nil, []fault.Problem{*p}
	}
	head, body, _ := strings.Cut(source, "\n")
	subject, ok := cutSubject(head)
	if !ok {
		return nil, []fault.Problem{{Line: 1, Value: short(head), Key: "letter.template.no-subject"}}
	}
	c := checker{says: map[string]bool{}}
	t := &Template{lang: l, says: c.says}
	t.subject = c.tree(subject, 1, true)
	t.body = c.tree(body, 2, false)
	if len(c.problems) > 0 {
		return nil, c.problems
	}
	if strings.TrimSpace(subject) == "" || strings.TrimSpace(body) == "" {
		return nil, []fault.Problem{{Line: 1, Key: "letter.template.empty"}}
	}
	return t, nil
}

func unprintable(s string) *fault.Problem {
	if !utf8.ValidString(s) {
		return &fault.Problem{Line: 1, Key: "letter.template.not-utf8"}
	}
	for i, line := range strings.Split(s, "\n") {
		if strings.ContainsFunc(line, func(r rune) bool { return r != '\t' && unsafe(r) }) {
			return &fault.Problem{Line: i + 1, Key: "letter.template.control"}
		}
	}
	return nil
}

func cutSubject(head string) (string, bool) {
	for _, p := range []string{"Objet :", "Objet\u00a0:", "Objet\u202f:", "Objet:", "Subject:"} {
		if s, ok := strings.CutPrefix(head, p); ok {
			return strings.TrimSpace(s), true
		}
	}
	return "", false
}

func short(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

// checker walks the parse tree once, when a text is saved.
type checker struct {
	says      map[string]bool
	problems  []fault.Problem
	src       string
	firstLine int
	subject   bool
	elem      string // what dot is: "" the message, else the element of a list
	depth     int
}

func (c *checker) fail(at parse.Node, key string, args ...any) {
	if len(c.problems) >= 20 {
		return
	}
	line := c.firstLine
	if at != nil {
		line += strings.Count(c.src[:min(int(at.Position()), len(c.src))], "\n")
	}
	c.problems = append(c.problems, fault.Problem{Line: line, Key: key, Args: args})
}

func (c *checker) tree(src string, firstLine int, subject bool) *parse.ListNode {
	c.src, c.firstLine, c.subject = src, firstLine, subject
	tr := parse.New("t")
	tr.Mode = parse.SkipFuncCheck
	set := map[string]*parse.Tree{}
	if _, err := tr.Parse(src, "{{", "}}", set); err != nil {
		c.syntax(err)
		return nil
	}
	for name, sub := range set {
		if name != "t" && sub != nil && sub.Root != nil {
			c.fail(sub.Root, "letter.template.forbidden", "define")
		}
	}
	if tr.Root == nil {
		return &parse.ListNode{}
	}
	c.list(tr.Root)
	return tr.Root
}

// syntax keeps the parser's own words, which are precise, behind our line.
func (c *checker) syntax(err error) {
	p := fault.Problem{Line: c.firstLine, Key: "letter.template.syntax", Args: []any{err.Error()}}
	if m := place.FindStringSubmatch(err.Error()); m != nil {
		n, convErr := strconv.Atoi(m[1])
		if convErr == nil {
			p.Line += n - 1
		}
		p.Args = []any{m[2]}
	}
	c.problems = append(c.problems, p)
}

func (c *checker) list(l *parse.ListNode) {
	if l == nil {
		return
	}
	if c.depth++; c.depth > maxDepth {
		c.fail(l, "letter.template.deep", maxDepth)
		c.depth--
		return
	}
	defer func() { c.depth-- }()
	for _, n := range l.Nodes {
		switch n := n.(type) {
		case *parse.TextNode, *parse.CommentNode:
		case *parse.ActionNode:
			c.action(n)
		case *parse.IfNode:
			c.pipe(n.Pipe)
			c.list(n.List)
			c.list(n.ElseList)
		case *parse.RangeNode:
			c.rangeOver(n)
		default:
			c.fail(n, "letter.template.forbidden", firstWord(n.String()))
		}
	}
}

func (c *checker) action(n *parse.ActionNode) {
	if name := blockOf(n); name != "" {
		if c.subject || c.elem != "" {
			c.fail(n, "letter.template.block-place", name)
		}
		c.says[name] = true
		return
	}
	if s, ok := c.pipe(n.Pipe); ok && s == aList {
		c.fail(n, "letter.template.list", n.Pipe.String())
	}
}

// blockOf names the layout block that an action stands for, "" when it is a value.
func blockOf(n *parse.ActionNode) string {
	if len(n.Pipe.Cmds) != 1 || len(n.Pipe.Cmds[0].Args) != 1 {
		return ""
	}
	if id, ok := n.Pipe.Cmds[0].Args[0].(*parse.IdentifierNode); ok && blockNames[id.Ident] {
		return id.Ident
	}
	return ""
}

// rangeOver allows lists of the message only, and no range within a range: the number of steps
// is at most the length of the text times that of the longest list.
func (c *checker) rangeOver(n *parse.RangeNode) {
	name, ok := "", false
	if len(n.Pipe.Decl) == 0 && len(n.Pipe.Cmds) == 1 && len(n.Pipe.Cmds[0].Args) == 1 {
		name, _, ok = path(n.Pipe.Cmds[0].Args[0])
	}
	s, elem, known := sortOf("", name)
	switch {
	case c.elem != "":
		c.fail(n, "letter.template.nested")
		return
	case !ok || !known || s != aList:
		c.fail(n, "letter.template.range", n.Pipe.String())
		return
	}
	c.says[name] = true
	c.elem = elem
	c.list(n.List)
	c.elem = ""
	c.list(n.ElseList)
}

func (c *checker) pipe(p *parse.PipeNode) (sort, bool) {
	if p == nil {
		return 0, false
	}
	if len(p.Decl) > 0 || len(p.Cmds) == 0 {
		c.fail(p, "letter.template.forbidden", ":=")
		return 0, false
	}
	if c.depth++; c.depth > maxDepth || len(p.Cmds) > 8 {
		c.fail(p, "letter.template.deep", maxDepth)
		c.depth--
		return 0, false
	}
	defer func() { c.depth-- }()
	var before *sort
	for _, cmd := range p.Cmds {
		s, ok := c.command(cmd, before)
		if !ok {
			return 0, false
		}
		before = &s
	}
	return *before, true
}

func (c *checker) command(cmd *parse.CommandNode, piped *sort) (sort, bool) {
	id, isFunc := cmd.Args[0].(*parse.IdentifierNode)
	if !isFunc {
		if len(cmd.Args) > 1 || piped != nil {
			c.fail(cmd, "letter.template.call", cmd.String())
			return 0, false
		}
		return c.operand(cmd.Args[0])
	}
	f, known := functions[id.Ident]
	if !known {
		c.fail(cmd, "letter.template.function", id.Ident)
		return 0, false
	}
	var args []sort
	for _, a := range cmd.Args[1:] {
		s, ok := c.operand(a)
		if !ok {
			return 0, false
		}
		args = append(args, s)
	}
	if piped != nil {
		args = append(args, *piped)
	}
	if len(args) < f.min || len(args) > f.max || !fits(id.Ident, args) {
		c.fail(cmd, "letter.template.arguments", id.Ident)
		return 0, false
	}
	return f.out, true
}

func fits(name string, args []sort) bool {
	switch name {
	case "eq", "ne":
		return args[0] == args[1] && args[0] != aList
	case "lt", "le", "gt", "ge":
		return args[0] == args[1] && args[0] != aList && args[0] != aBool
	case "len":
		return args[0] == aList || args[0] == aText
	case "plural":
		return args[0] == aNumber && args[1] == aText && args[2] == aText
	case "short":
		return args[0] == aDate
	}
	return true
}

func (c *checker) operand(n parse.Node) (sort, bool) {
	switch n := n.(type) {
	case *parse.StringNode:
		return aText, true
	case *parse.BoolNode:
		return aBool, true
	case *parse.NumberNode:
		if n.IsInt && n.Int64 >= -1e9 && n.Int64 <= 1e9 {
			return aNumber, true
		}
		c.fail(n, "letter.template.number", n.Text)
		return 0, false
	case *parse.PipeNode:
		return c.pipe(n)
	case *parse.IdentifierNode:
		c.fail(n, "letter.template.function", n.Ident)
		return 0, false
	}
	name, root, ok := path(n)
	elem := c.elem
	if root {
		elem = ""
	}
	s, _, known := sortOf(elem, name)
	if !ok || !known {
		c.fail(n, "letter.template.field", n.String())
		return 0, false
	}
	if elem == "" {
		c.says[name] = true
	}
	return s, true
}

// path is the dotted name of a field node; root when it is written from the message ($.total).
func path(n parse.Node) (name string, root, ok bool) {
	switch n := n.(type) {
	case *parse.FieldNode:
		return strings.Join(n.Ident, "."), false, true
	case *parse.VariableNode:
		if n.Ident[0] == "$" && len(n.Ident) > 1 {
			return strings.Join(n.Ident[1:], "."), true, true
		}
	}
	return "", false, false
}

func firstWord(s string) string {
	w := strings.Fields(strings.Trim(s, "{}"))
	if len(w) == 0 {
		return s
	}
	return w[0]
}

var errBounds = errors.New("the text is longer than a letter can be")
