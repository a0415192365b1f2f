package facturx

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf16"

	"relance/internal/format/cii"
	"relance/internal/format/en16931"
	"relance/internal/format/ubl"
	"relance/internal/ground/fault"
)

// Attachment is a file that a PDF carries.
type Attachment struct {
	Name         string
	Relationship string // AFRelationship: "Alternative", "Data", "Source"; "" when absent
	content      func() ([]byte, error)
}

// Content opens the attached file, within the PDF's budgets.
func (a Attachment) Content() ([]byte, error) { return a.content() }

// standard lists the names of the invoice in a PDF, the best first.
var standard = []string{"factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml"}

// Read reads the invoice of a PDF of at most 32 MB. Errors are fault.Invalid: not a PDF,
// encrypted, no invoice in it ("format.pdf.no-xml"), beyond the limits, or those of the XML.
func Read(r io.Reader) (*en16931.Reading, error) {
	buf, err := readAll(r)
	if err != nil {
		return nil, err
	}
	list, err := Attachments(buf)
	if err != nil {
		return nil, err
	}
	chosen, xml, err := choose(list)
	if err != nil {
		return nil, err
	}
	tree, err := en16931.ParseXML(bytes.NewReader(xml))
	if err != nil {
		return nil, err
	}
	read := cii.FromTree
	if tree.Root.Name == "Invoice" || tree.Root.Name == "CreditNote" {
		read = ubl.FromTree
	}
	out, err := read(tree)
	if err != nil {
		return nil, err
	}
	out.Format = "facturx"
	if !slices.Contains(standard, strings.ToLower(chosen.Name)) {
		out.Warnings = append(out.Warnings, fault.Problem{Field: "file", Value: chosen.Name, Key: "format.pdf.name"})
	}
	if chosen.Relationship == "" {
		out.Warnings = append(out.Warnings, fault.Problem{Field: "file", Value: chosen.Name, Key: "format.pdf.relationship"})
	}
	return out, nil
}

func readAll(r io.Reader) ([]byte, error) {
	head := make([]byte, 1024)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fault.New(fault.Invalid, "format.unreadable", err.Error())
	}
	if !bytes.Contains(head[:n], []byte("%PDF-")) {
		return nil, fault.New(fault.Invalid, "format.pdf.not")
	}
	buf := bytes.NewBuffer(head[:n])
	if _, err = io.Copy(buf, io.LimitReader(r, maxPDF-int64(n)+1)); err != nil {
		return nil, fault.New(fault.Invalid, "format.unreadable", err.Error())
	}
	if buf.Len() > maxPDF {
		return nil, fault.New(fault.Invalid, "format.too-large", maxPDF>>20)
	}
	return buf.Bytes(), nil
}

// Attachments lists the files of a PDF: those that the catalog names (names tree, AF), else, in
// a damaged file, every file specification, else every embedded file.
func Attachments(pdf []byte) ([]Attachment, error) {
	f, err := open(pdf)
	if err != nil {
		return nil, err
	}
	var out []Attachment
	seen := map[ref]bool{}
	add := func(v any) {
		d, _ := f.get(v).(dict)
		if a, target, ok := f.attachment(d); ok && !seen[target] {
			seen[target] = true
			out = append(out, a)
		}
	}
	if root, ok := f.get(f.root).(dict); ok {
		names, _ := f.get(root["Names"]).(dict)
		f.tree(names["EmbeddedFiles"], 0, add)
		af, _ := f.get(root["AF"]).(array)
		for _, v := range af {
			add(v)
		}
	}
	if len(out) == 0 {
		for _, num := range f.order {
			add(ref(num))
		}
	}
	if f.work < 0 {
		return nil, fault.New(fault.Invalid, "format.pdf.bomb")
	}
	return out, nil
}

// tree walks a name tree (§7.9.6); the work budget bounds cycles in width, depth those in length.
func (f *file) tree(v any, depth int, add func(any)) {
	node, _ := f.get(v).(dict)
	if node == nil || depth > maxNesting || f.work < 0 {
		return
	}
	names, _ := f.get(node["Names"]).(array)
	for i := 1; i < len(names); i += 2 {
		add(names[i])
	}
	kids, _ := f.get(node["Kids"]).(array)
	for _, k := range kids {
		f.tree(k, depth+1, add)
	}
}

// attachment reads a file specification (§7.11.3), or a bare embedded file.
func (f *file) attachment(d dict) (a Attachment, target ref, ok bool) {
	ef, _ := f.get(d["EF"]).(dict)
	for _, key := range []name{"UF", "F"} {
		if s, isStr := f.get(d[key]).(str); isStr && a.Name == "" {
			a.Name = decodeText(s)
		}
		if r, isRef := ef[key].(ref); isRef && target == 0 {
			target = r
		}
	}
	if rel, isName := f.get(d["AFRelationship"]).(name); isName {
		a.Relationship = string(rel)
	}
	a.content = func() ([]byte, error) {
		p := f.objs[int(target)]
		sd, _ := f.get(target).(dict)
		if sd == nil || !p.hasStream {
			return nil, fault.New(fault.Invalid, "format.pdf.no-xml")
		}
		return f.decode(sd, p)
	}
	return a, target, target != 0
}

// decodeText reads a text string: UTF-16 with its mark, UTF-8 with its mark, or Latin.
func decodeText(s str) string {
	b := []byte(s)
	switch {
	case bytes.HasPrefix(b, []byte("\xFE\xFF")):
		var u []uint16
		for i := 2; i+1 < len(b); i += 2 {
			u = append(u, uint16(b[i])<<8|uint16(b[i+1]))
		}
		return string(utf16.Decode(u))
	case bytes.HasPrefix(b, []byte("\xEF\xBB\xBF")):
		return string(b[3:])
	}
	r := make([]rune, len(b))
	for i, c := range b {
		r[i] = rune(c)
	}
	return string(r)
}

// choose picks the invoice: by its standard name, else the first attached XML that is one.
func choose(list []Attachment) (Attachment, []byte, error) {
	for _, want := range standard {
		for _, a := range list {
			if strings.EqualFold(a.Name, want) {
				b, err := a.Content()
				return a, b, err
			}
		}
	}
	for _, a := range list {
		if b, err := a.Content(); err == nil && isInvoice(b) {
			return a, b, nil
		}
	}
	return Attachment{}, nil, fault.New(fault.Invalid, "format.pdf.no-xml", len(list))
}

func isInvoice(b []byte) bool {
	head := b[:min(len(b), 4096)]
	return bytes.Contains(head, []byte("CrossIndustryInvoice")) || bytes.Contains(head, []byte("CrossIndustryDocument")) ||
		bytes.Contains(head, []byte("urn:oasis:names:specification:ubl:schema:xsd:"))
}
