package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"relance/internal/app"
	"relance/internal/ground/i18n"
	"relance/internal/page"
)

// maxOffset bounds how deep a list is leafed through.
const maxOffset = 2_000_000

// offset is the first row of the page asked for.
func (v *visit) offset() int {
	n, err := strconv.Atoi(v.r.URL.Query().Get("from"))
	if err != nil || n < 0 || n > maxOffset {
		return 0
	}
	return n / perPage * perPage
}

// pager says where a list stands and where its other pages are; a total of −1 is not known.
func (v *visit) pager(at, rows, total int) page.Pager {
	p := page.Pager{From: at + 1, To: at + rows, Total: max(total, at+rows)}
	if total < 0 {
		p.Open = rows == perPage
		if p.Open {
			total = at + rows + 1
		}
	}
	if rows == 0 {
		p.From = 0
	}
	if at > 0 {
		p.Prev = v.with("from", strconv.Itoa(max(0, at-perPage)))
	}
	if at+rows < total {
		p.Next = v.with("from", strconv.Itoa(at+perPage))
	}
	return p
}

// with is the address of this page with one thing of its query changed.
func (v *visit) with(pairs ...string) string {
	q := url.Values{}
	for k, s := range v.r.URL.Query() {
		q[k] = s
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			q.Del(pairs[i])
		} else {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return v.r.URL.EscapedPath()
	}
	return v.r.URL.EscapedPath() + "?" + q.Encode()
}

// list is what a person asks of a list by its address.
type list struct {
	app.ListQuery
	filters []string // those of the list, the default first
	sorts   []string // those of the list, the default first, "-" before one that begins with the most
}

// ask reads what is asked of a list.
func (v *visit) ask(filters, sorts []string) list {
	q := v.r.URL.Query()
	l := list{filters: filters, sorts: sorts}
	l.Search = strings.TrimSpace(q.Get("q"))
	if r := []rune(l.Search); len(r) > 100 {
		l.Search = string(r[:100])
	}
	l.Filter = filters[0]
	if f := q.Get("show"); slices.Contains(filters, f) {
		l.Filter = f
	}
	name, desc := strings.CutPrefix(sorts[0], "-")
	l.Sort, l.Desc = name, desc
	if s, d := strings.TrimPrefix(q.Get("sort"), "-"), strings.HasPrefix(q.Get("sort"), "-"); slices.ContainsFunc(sorts, func(x string) bool { return strings.TrimPrefix(x, "-") == s }) {
		l.Sort, l.Desc = s, d
	}
	l.Offset, l.Limit = v.offset(), perPage
	return l
}

// chips are the filters, each an address.
func (v *visit) chips(l list, key string) []page.Chip {
	out := make([]page.Chip, len(l.filters))
	for i, f := range l.filters {
		show := f
		if i == 0 {
			show = ""
		}
		out[i] = page.Chip{Label: i18n.T(v.lang, key+f), Path: v.with("show", show, "from", ""), On: f == l.Filter}
	}
	return out
}

// column is a title of the table; sort is "" when the table is not sorted by it.
func (v *visit) column(l list, key, sort string, right bool) page.Column {
	c := page.Column{Label: i18n.T(v.lang, key), Right: right}
	if sort == "" {
		return c
	}
	first := sort // the way a first click sorts
	for _, s := range l.sorts {
		if strings.TrimPrefix(s, "-") == sort {
			first = s
		}
	}
	if l.Sort == sort {
		c.Way = "asc"
		first = "-" + sort
		if l.Desc {
			c.Way, first = "desc", sort
		}
	}
	c.Path = v.with("sort", first, "from", "")
	return c
}
