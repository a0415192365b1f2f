package format

import (
	"bytes"
	"regexp"
	"strings"

	"relance/internal/format/charset"
	"relance/internal/format/fec"
	"relance/internal/format/statement"
	"relance/internal/format/table"
)

// Kind names the slot of a file.
type Kind string

// The slots. Bank covers every bank statement that is no table (statement.Detect names its format); CDAR
// is a life-cycle status message of an e-invoice (law-fr.md §9.2), which is not an invoice.
const (
	CSV     Kind = "csv"
	XLSX    Kind = "xlsx"
	FEC     Kind = "fec"
	UBL     Kind = "ubl"
	CII     Kind = "cii"
	FacturX Kind = "facturx"
	Zip     Kind = "zip"
	Bank    Kind = "bank"
	CDAR    Kind = "cdar"
	Unknown Kind = "unknown"
)

// HeadSize is how many bytes Detect likes to see.
const HeadSize = 64 << 10

// Detect tells the slot of a file by its first bytes; the name only tells a spreadsheet from
// another zip when the head is too short to say.
func Detect(name string, head []byte) Kind {
	lower := strings.ToLower(name)
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		if strings.HasSuffix(lower, ".xlsx") || strings.HasSuffix(lower, ".xlsm") ||
			bytes.Contains(head, []byte("[Content_Types].xml")) && bytes.Contains(head, []byte("xl/")) {
			return XLSX
		}
		return Zip
	case bytes.Contains(head[:min(len(head), 1024)], []byte("%PDF-")):
		return FacturX
	}
	var text []byte
	if e, bom := charset.Detect(head); e == charset.UTF16LE || e == charset.UTF16BE {
		text = readAll(charset.UTF16(bytes.NewReader(head[bom:]), e))
	} else {
		text = head[bom:]
	}
	trimmed := bytes.TrimLeft(text, " \t\r\n")
	if len(trimmed) > 0 && trimmed[0] == '<' {
		return xmlKind(trimmed)
	}
	return textKind(text)
}

func readAll(r interface{ Read([]byte) (int, error) }) []byte {
	var b bytes.Buffer
	_, _ = b.ReadFrom(r) // from memory: cannot fail
	return b.Bytes()
}

var rootElement = regexp.MustCompile(`<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)[\s>/]`)

func xmlKind(b []byte) Kind {
	body := b
	for bytes.HasPrefix(body, []byte("<?")) || bytes.HasPrefix(body, []byte("<!")) {
		end := []byte(">")
		if bytes.HasPrefix(body, []byte("<!--")) {
			end = []byte("-->")
		}
		i := bytes.Index(body, end)
		if i < 0 {
			return Unknown
		}
		body = bytes.TrimLeft(body[i+len(end):], " \t\r\n")
	}
	m := rootElement.FindSubmatch(body[:min(len(body), 300)])
	if m == nil {
		return Unknown
	}
	switch root := string(m[1]); {
	case root == "CrossIndustryInvoice", root == "CrossIndustryDocument":
		return CII
	case root == "CrossDomainAcknowledgementAndResponse":
		return CDAR
	case (root == "Invoice" || root == "CreditNote") && bytes.Contains(b, []byte("urn:oasis:names:specification:ubl")):
		return UBL
	case statement.Detect(b) != statement.Unknown: // which one, package statement says
		return Bank
	}
	return Unknown
}

func textKind(text []byte) Kind {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	line = bytes.TrimRight(line, "\r")
	switch {
	case fec.IsHeader(string(line)):
		return FEC
	case statement.Detect(text) != statement.Unknown:
		return Bank
	}
	if _, err := table.Sniff(text); err == nil {
		return CSV
	}
	return Unknown
}
