package statement

import (
	"bytes"
	"io"
	"regexp"

	"relance/internal/domain/bank"
	"relance/internal/format/camt"
	"relance/internal/format/cfonb"
	"relance/internal/format/charset"
	"relance/internal/format/mt940"
	"relance/internal/format/ofx"
	"relance/internal/ground/fault"
)

// Format names the format of a file, as people call it.
type Format string

// The formats.
const (
	CAMT052  Format = "camt.052" // account report, of the day
	CAMT053  Format = "camt.053" // statement
	CAMT054  Format = "camt.054" // debit and credit notification
	CFONB120 Format = "cfonb120"
	CFONB240 Format = "cfonb240" // operations handed back, unpaid items above all
	OFX      Format = "ofx"
	MT940    Format = "mt940"
	Unknown  Format = ""
)

// formats is the list of the formats: how a file begins, and who reads it.
var formats = []struct {
	name  Format
	tells func(head []byte) bool
	read  func(io.Reader, bank.Take) ([]*bank.Statement, error)
}{
	{CAMT052, message("AcctRpt", "052"), camt.Read},
	{CAMT053, message("Stmt", "053"), camt.Read},
	{CAMT054, message("DbtCdtNtfctn", "054"), camt.Read},
	{OFX, isOFX, ofx.Read},
	{CFONB120, records(120, cfonb120, cfonb120), cfonb.Read},
	{CFONB240, records(240, cfonb240, regexp.MustCompile(`^3[149][ \d]{6}`)), cfonb.Read240},
	{MT940, isMT940, mt940.Read},
}

// HeadSize is how many bytes Detect likes to see: a bank's envelope may stand before the message.
const HeadSize = 64 << 10

// Detect tells the format of a file by its first bytes, Unknown when it is no bank statement.
func Detect(head []byte) Format {
	head = head[:min(len(head), HeadSize)]
	e, bom := charset.Detect(head)
	head = head[bom:]
	if e == charset.UTF16LE || e == charset.UTF16BE {
		head, _ = io.ReadAll(charset.UTF16(bytes.NewReader(head), e)) // from memory: cannot fail
	}
	for _, f := range formats {
		if f.tells(head) {
			return f.name
		}
	}
	return Unknown
}

// Read reads a file of the format that Detect told, entry by entry. Errors are take's own and those
// of the format's reader; "bank.format.unknown" when there is none.
func Read(f Format, r io.Reader, take bank.Take) ([]*bank.Statement, error) {
	for _, one := range formats {
		if one.name == f {
			return one.read(r, take)
		}
	}
	return nil, fault.New(fault.Invalid, "bank.format.unknown", string(f))
}

// message tells an ISO 20022 message of an account by its own element, or by the namespace of its
// document when the head ends before that element.
func message(name, number string) func([]byte) bool {
	element := regexp.MustCompile(`<(?:[\w.-]+:)?BkToCstmr` + name + `(?:V01)?[\s/>]`)
	document := regexp.MustCompile(`<(?:[\w.-]+:)?Document\s[^>]*camt\.` + number + `\.`)
	return func(head []byte) bool {
		return isXML(head) && (element.Match(head) || document.Match(head))
	}
}

func isXML(head []byte) bool { return bytes.HasPrefix(bytes.TrimLeft(head, " \t\r\n"), []byte("<")) }

var ofxRoot = regexp.MustCompile(`(?i)^\s*(?:OFXHEADER|(?:<[?!][^>]*>\s*)*<OFX[\s>])`)

func isOFX(head []byte) bool { return ofxRoot.Match(head) }

// How records of CFONB begin. Of 120: the code, the bank, then three letters of currency and the count
// of decimals where they must stand (law-fr.md §9.5). Of 240: the code, a number, the operation, the
// day, then bank and branch of the account; a header (31) is the first.
var (
	cfonb120 = regexp.MustCompile(`^0[1457][ \d]{5}.{9}[A-Z]{3}[ \d]`)
	cfonb240 = regexp.MustCompile(`^31[ \d]{6}.{2}\d{6}.{5}\d{10}`)
)

// records tells a file by its first record; when its line is longer than one, the next must follow at once.
func records(width int, first, next *regexp.Regexp) func([]byte) bool {
	return func(head []byte) bool {
		line, _, _ := bytes.Cut(bytes.TrimLeft(head, "\r\n"), []byte("\n"))
		text := []rune(charset.Line(bytes.TrimRight(line, " \r"), charset.UTF8))
		if !first.MatchString(string(text[:min(len(text), width)])) {
			return false
		}
		return len(text) <= width || next.MatchString(string(text[width:]))
	}
}

// swiftField begins a field that every message holds: reference, account, number, opening balance.
var swiftField = regexp.MustCompile(`(?:^|[\r\n]):(?:20|25P?|28C?|60[FM]):`)

// isMT940 tells a file by three of them: headers of the bank or of SWIFT may stand before the first.
func isMT940(head []byte) bool { return len(swiftField.FindAllIndex(head, 3)) == 3 }
