package letter

import (
	"strings"
	"text/template/parse"

	"relance/internal/ground/i18n"
)

// mark stands around the name of a layout block in the evaluated Markdown. No text from outside
// can hold it: clean takes controls away, Parse refuses them.
const mark = "\x02"

// eval runs a checked tree. Values from outside pass through esc.
type eval struct {
	msg   *Message
	lang  i18n.Lang
	esc   func(string) string
	out   strings.Builder
	steps int
}

func (t *Template) run(tree *parse.ListNode, m *Message, esc func(string) string) (string, error) {
	e := eval{msg: m, lang: t.lang, esc: esc}
	if err := e.list(tree, m); err != nil {
		return "", err
	}
	return e.out.String(), nil
}

func (e *eval) list(l *parse.ListNode, dot any) error {
	if l == nil {
		return nil
	}
	for _, n := range l.Nodes {
		if e.steps++; e.steps > maxSteps || e.out.Len() > maxOutput {
			return errBounds
		}
		var err error
		switch n := n.(type) {
		case *parse.TextNode:
			e.out.Write(n.Text)
		case *parse.ActionNode:
			if name := blockOf(n); name != "" {
				e.out.WriteString("\n\n" + mark + name + mark + "\n\n")
				continue
			}
			e.out.WriteString(e.esc(e.pipe(n.Pipe, dot).say(e.lang)))
		case *parse.IfNode:
			if e.pipe(n.Pipe, dot).truth() {
				err = e.list(n.List, dot)
			} else {
				err = e.list(n.ElseList, dot)
			}
		case *parse.RangeNode:
			name, _, _ := path(n.Pipe.Cmds[0].Args[0])
			err = e.each(n, get(e.msg, name), dot)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (e *eval) each(n *parse.RangeNode, v value, dot any) error {
	if len(v.list) == 0 {
		return e.list(n.ElseList, dot)
	}
	for _, x := range v.list {
		if err := e.list(n.List, x); err != nil {
			return err
		}
	}
	return nil
}

func (e *eval) pipe(p *parse.PipeNode, dot any) value {
	var v value
	for i, cmd := range p.Cmds {
		id, isFunc := cmd.Args[0].(*parse.IdentifierNode)
		if !isFunc {
			v = e.operand(cmd.Args[0], dot)
			continue
		}
		args := make([]value, 0, 4)
		for _, a := range cmd.Args[1:] {
			args = append(args, e.operand(a, dot))
		}
		if i > 0 {
			args = append(args, v)
		}
		v = e.call(id.Ident, args)
	}
	return v
}

func (e *eval) operand(n parse.Node, dot any) value {
	switch n := n.(type) {
	case *parse.StringNode:
		return text(n.Text)
	case *parse.BoolNode:
		return yes(n.True)
	case *parse.NumberNode:
		return number(int(n.Int64))
	case *parse.PipeNode:
		return e.pipe(n, dot)
	}
	name, root, _ := path(n)
	if root {
		return get(e.msg, name)
	}
	return get(dot, name)
}

func (e *eval) call(name string, args []value) value {
	switch name {
	case "and":
		for _, a := range args {
			if !a.truth() {
				return yes(false)
			}
		}
		return yes(true)
	case "or":
		for _, a := range args {
			if a.truth() {
				return yes(true)
			}
		}
		return yes(false)
	case "not":
		return yes(!args[0].truth())
	case "eq":
		return yes(args[0].compare(args[1]) == 0)
	case "ne":
		return yes(args[0].compare(args[1]) != 0)
	case "lt":
		return yes(args[0].compare(args[1]) < 0)
	case "le":
		return yes(args[0].compare(args[1]) <= 0)
	case "gt":
		return yes(args[0].compare(args[1]) > 0)
	case "ge":
		return yes(args[0].compare(args[1]) >= 0)
	case "len":
		if args[0].sort == aText {
			return number(len([]rune(args[0].text)))
		}
		return number(len(args[0].list))
	case "plural":
		one := args[0].num == 1 || e.lang != i18n.EN && args[0].num == 0
		if one {
			return args[1]
		}
		return args[2]
	case "short":
		return text(i18n.DateShort(e.lang, args[0].date))
	}
	return value{}
}
