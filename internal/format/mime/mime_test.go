package mime

import (
	"bytes"
	"fmt"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"relance/internal/ground/fault"
)

func sample() Message {
	return Message{
		From: Address{"Atelier Vasseur – comptabilité", "compta@vasseur.example"}, ReplyTo: Address{"", "relances@vasseur.example"},
		To:      []Address{{"Menuiserie du Port, M. \"Le\" Goff", "compta@port.example"}, {"", "direction@port.example"}},
		Cc:      []Address{{"Zoë", "zoe@port.example"}},
		Subject: "Facture F-2026-118 échue le 15 octobre 2026 : 10 000,00 € restant à régler, merci de nous indiquer une date",
		Date:    time.Date(2026, 11, 24, 9, 30, 0, 0, time.FixedZone("", 3600)), MessageID: "7f3a.118@vasseur.example", InReplyTo: "6e2b@vasseur.example",
		References: []string{"5d1c@vasseur.example", "6e2b@vasseur.example"},
		Text:       "Madame, Monsieur,\n\nLa somme de 10 000,00 € reste due. \n.\n.point\nFrom here=there\n" + strings.Repeat("très long ", 40) + "\n",
		HTML:       "<p>Madame, Monsieur,</p><img src=\"cid:logo\">" + strings.Repeat("<b>é</b>", 500),
		Inline:     []Part{{Name: "logo.png", MediaType: "image/png", ContentID: "logo", Data: []byte("\x89PNG\r\n\x1a\n")}},
		Attachments: []Part{
			{Name: "F-2026-118.pdf", MediaType: "application/pdf", Data: bytes.Repeat([]byte("%PDF-1.7\x00"), 1000)},
			{Name: "Relevé de compte – Menuiserie du Port, avec toutes les échéances de l’année 2026.pdf", MediaType: "application/pdf", Data: []byte("x")},
			{Name: "vide.txt", MediaType: "text/plain", Data: []byte{}},
		},
		Headers: [][2]string{{"X-Relance-Message", "118"}, {"X-Note", "Deuxième relance"}},
	}
}

// wellFormed proves what every message of ours keeps to.
func wellFormed(t testing.TB, b []byte) {
	t.Helper()
	for i, l := range bytes.Split(bytes.TrimSuffix(b, []byte("\r\n")), []byte("\r\n")) {
		if len(l) > 998 {
			t.Fatalf("line %d has %d bytes", i+1, len(l))
		}
		if bytes.ContainsAny(l, "\r\n\x00") {
			t.Fatalf("line %d has a lone line break: %q", i+1, l)
		}
		for _, c := range l {
			if c >= 0x80 {
				t.Fatalf("line %d is not ASCII: %q", i+1, l)
			}
		}
	}
	if !bytes.HasSuffix(b, []byte("\r\n")) {
		t.Fatal("the last line does not end")
	}
}

func read(t testing.TB, b []byte) Message {
	t.Helper()
	m, err := Read(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestRoundTrip(t *testing.T) {
	plainOnly := sample()
	plainOnly.HTML, plainOnly.Inline, plainOnly.Attachments = "", nil, nil
	noInline := sample()
	noInline.Inline = nil
	long := sample()
	long.Subject = strings.Repeat("x", 1500) + " =?utf-8?q?x?="
	long.From.Name = strings.Repeat("Société ", 30) + "x"
	for name, m := range map[string]Message{"all": sample(), "plain": plainOnly, "no inline": noInline, "long": long} {
		t.Run(name, func(t *testing.T) {
			b, err := Write(m)
			if err != nil {
				t.Fatal(err)
			}
			wellFormed(t, b)
			if d := cmp.Diff(m, read(t, b), cmpopts.EquateEmpty(), cmpopts.IgnoreUnexported(Part{})); d != "" {
				t.Error(d)
			}
		})
	}
}

// Another reader, the standard library's, agrees on the headers.
func TestHeadersAsOthersReadThem(t *testing.T) {
	b, err := Write(sample())
	if err != nil {
		t.Fatal(err)
	}
	m, err := mail.ReadMessage(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	to, err := m.Header.AddressList("To")
	if err != nil || len(to) != 2 || to[0].Name != sample().To[0].Name {
		t.Errorf("To: %v, %v", to, err)
	}
	for _, h := range []string{"List-Unsubscribe", "Auto-Submitted", "Precedence"} {
		if m.Header.Get(h) != "" {
			t.Errorf("a reminder carries %s", h)
		}
	}
	head, _, _ := bytes.Cut(b, []byte("\r\n\r\n"))
	for _, l := range bytes.Split(head, []byte("\r\n")) {
		if len(l) > 120 {
			t.Errorf("a header is not folded: %s", l)
		}
	}
}

func TestSameMessageSameBytes(t *testing.T) {
	m := sample()
	a, err := Write(m)
	if err != nil {
		t.Fatal(err)
	}
	for i := range m.Attachments {
		m.Attachments[i] = m.Attachments[i].Encoded()
	}
	b, err := Write(m)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a, b) {
		t.Error("a document encoded before changes the message")
	}
	m.MessageID = "other@vasseur.example"
	c, err := Write(m)
	if err != nil {
		t.Fatal(err)
	}
	_, one, ok1 := bytes.Cut(c, []byte("boundary="))
	_, other, ok2 := bytes.Cut(a, []byte("boundary="))
	if !ok1 || !ok2 || bytes.Equal(one[:40], other[:40]) {
		t.Error("two messages have the same boundary")
	}
}

func TestAddressesInOtherLetters(t *testing.T) {
	for in, want := range map[string]string{
		"a@münchen.example": "a@xn--mnchen-3ya.example", "compta+x@port.example": "compta+x@port.example", "o'neil@x.example": "o'neil@x.example",
		"é@x.example": "", "a b@x.example": "", "a@": "", "@x": "", "a@x.example>": "", "a@x\r\nBcc: b@y": "", "a..b@x.example": "", "<a@x.example>": "", "a@-\x00": "",
	} {
		if got, _ := ASCII(in); got != want {
			t.Errorf("%q is handed over as %q, want %q", in, got, want)
		}
	}
}

func TestInjectionIsRefused(t *testing.T) {
	evil := "x\r\nBcc: victim@x.example"
	for name, change := range map[string]func(*Message){
		"from":        func(m *Message) { m.From.Name = evil },
		"address":     func(m *Message) { m.To[0].Address = "a@x.example" + evil },
		"reply":       func(m *Message) { m.ReplyTo.Address = evil },
		"subject":     func(m *Message) { m.Subject = evil },
		"lone cr":     func(m *Message) { m.Subject = "a\rb" },
		"id":          func(m *Message) { m.MessageID = "a@b>" + evil },
		"id, no at":   func(m *Message) { m.MessageID = "a" },
		"reference":   func(m *Message) { m.References = []string{"a b@c"} },
		"name":        func(m *Message) { m.Attachments[0].Name = evil },
		"media":       func(m *Message) { m.Attachments[0].MediaType = "text/plain\r\nX: y" },
		"content id":  func(m *Message) { m.Inline[0].ContentID = "a>" },
		"header":      func(m *Message) { m.Headers[0][1] = evil },
		"header name": func(m *Message) { m.Headers[0][0] = "X: y\r\nZ" },
		"bcc":         func(m *Message) { m.Headers[0][0] = "bCC" },
		"unsubscribe": func(m *Message) { m.Headers[0][0] = "List-Unsubscribe" },
		"no date":     func(m *Message) { m.Date = time.Time{} },
		"nobody":      func(m *Message) { m.To = nil },
		"no text":     func(m *Message) { m.Text = "" },
		"bytes":       func(m *Message) { m.Subject = "\xff" },
	} {
		m := sample()
		change(&m)
		if b, err := Write(m); fault.Of(err) != fault.Invalid {
			t.Errorf("%s: %v, %d bytes", name, err, len(b))
		}
	}
}

func TestReadIsBounded(t *testing.T) {
	deep := "Content-Type: multipart/mixed; boundary=b0\r\n\r\n"
	for i := range 40 {
		deep += fmt.Sprintf("--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n", i, i+1)
	}
	wide := "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + strings.Repeat("--b\r\n\r\nx\r\n", 2000) + "--b--\r\n"
	big := "Subject: x\r\n\r\n" + strings.Repeat("0123456789abcde\n", MaxBytes/16+1)
	for name, c := range map[string]struct{ in, key string }{
		"deep": {deep, "mime.too-deep"}, "wide": {wide, "mime.too-deep"}, "big": {big, "mime.too-large"},
		"endless header": {"X: " + strings.Repeat("y", 2*maxHeader), "mime.malformed"}, "not a message": {"\x00\x01\x02", "mime.malformed"},
	} {
		if _, err := Read(strings.NewReader(c.in)); fault.Key(err) != c.key {
			t.Errorf("%s: %v, want %s", name, err, c.key)
		}
	}
}

func TestReadWhatOthersSend(t *testing.T) {
	m := read(t, []byte("From: =?iso-8859-1?Q?Andr=E9?= <andre@x.example>\nTo: undisclosed-recipients:;\nSubject: =?windows-1252?B?UsOp?=\n =?windows-1252?Q?_80_=80?=\nDate: Tue, 24 Nov 2026 09:30:00 +0100 (CET)\n"+
		"Content-Type: text/plain; charset=\"iso-8859-15\"\nContent-Transfer-Encoding: quoted-printable\n\nJe r=E8gle 12 =A4 demain.=\n Merci\n"))
	if m.From.Name != "André" || m.Text != "Je règle 12 € demain. Merci\n" || !strings.HasSuffix(m.Subject, " 80 €") || m.Date.IsZero() {
		t.Errorf("%+v", m)
	}
}

func FuzzRead(f *testing.F) {
	b, err := Write(sample())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte("Content-Type: multipart/mixed; boundary=\"\"\r\n\r\n--\r\n\r\n"))
	f.Add([]byte("Subject: =?utf-7?q?x?=\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\nbegin"))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := Read(bytes.NewReader(b))
		if err != nil && fault.Of(err) != fault.Invalid {
			t.Errorf("%v", err)
		}
		if strings.Contains(m.Text, "\xff") {
			t.Error("the text is not UTF-8")
		}
	})
}

func FuzzWrite(f *testing.F) {
	f.Add("Atelier", "Objet", "texte\r\n.", "<p>", "nom.pdf", []byte("data"))
	f.Add("é\"\\", "=?x?=", "\n", "", strings.Repeat("é", 90), []byte{0})
	f.Fuzz(func(t *testing.T, who, subject, text, html, name string, data []byte) {
		m := sample()
		m.From.Name, m.Subject, m.Text, m.HTML, m.Inline = who, subject, text, html, nil
		m.Attachments = []Part{{Name: name, Data: data}}
		b, err := Write(m)
		if err != nil {
			if fault.Of(err) != fault.Invalid {
				t.Fatal(err)
			}
			return
		}
		wellFormed(t, b)
		got := read(t, b)
		if strings.TrimSpace(got.Subject) != strings.TrimSpace(m.Subject) || strings.TrimSpace(got.From.Name) != strings.TrimSpace(m.From.Name) {
			t.Fatalf("subject %q and name %q, want %q and %q", got.Subject, got.From.Name, m.Subject, m.From.Name)
		}
		if len(got.Attachments) != 1 || !bytes.Equal(got.Attachments[0].Data, data) || got.Attachments[0].Name != name {
			t.Fatalf("the document changed: %q", got.Attachments)
		}
	})
}

func BenchmarkWrite(b *testing.B) {
	m := sample()
	m.HTML = strings.Repeat("<p>Madame, Monsieur, une ligne de texte.</p>\n", 200)
	m.Attachments = []Part{Part{Name: "f.pdf", Data: make([]byte, 20<<10)}.Encoded()}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Write(m); err != nil {
			b.Fatal(err)
		}
	}
}
