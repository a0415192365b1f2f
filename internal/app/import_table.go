package app

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"hash/maphash"
	"io"
	"maps"
	"slices"
	"strings"

	"relance/internal/domain/bill"
	"relance/internal/format/table"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/store"
)

// together is how many rows are decided at once.
const together = 1024

// numbersOfFile knows where each invoice number of a table stands: a million of them are kept in
// mind as eight bytes each.
type numbersOfFile struct {
	seed   maphash.Seed
	sorted []uint64         // hash of every number
	last   map[uint64]int32 // of those on several lines: the last one
	made   map[uint64]bool  // numbers made for lines that have none
}

// readNumbers walks the table once.
func readNumbers(s *table.Sheet, m *table.Mapping) (*numbersOfFile, error) {
	n := &numbersOfFile{seed: maphash.MakeSeed(), last: map[uint64]int32{}, made: map[uint64]bool{}}
	var hashes []uint64
	var lines []int32
	if err := s.Numbers(m, func(line int, number string) {
		hashes, lines = append(hashes, n.of(number)), append(lines, int32(line))
	}); err != nil {
		return nil, err
	}
	n.sorted = slices.Clone(hashes)
	slices.Sort(n.sorted)
	for i := 1; i < len(n.sorted); i++ {
		if n.sorted[i] == n.sorted[i-1] {
			n.last[n.sorted[i]] = 0
		}
	}
	if len(n.last) > 0 {
		for i, h := range hashes {
			if _, several := n.last[h]; several {
				n.last[h] = lines[i]
			}
		}
	}
	n.sorted = slices.Compact(n.sorted)
	return n, nil
}

func (n *numbersOfFile) of(number string) uint64 { return maphash.String(n.seed, number) }

// holds tells whether the file speaks of a number, in a refused line too.
func (n *numbersOfFile) holds(number string) bool {
	h := n.of(number)
	_, found := slices.BinarySearch(n.sorted, h)
	return found || n.made[h]
}

// meaning is what the columns mean: as the person says, as remembered for the same titles, or as
// proposed.
func (fi *fileImport) meaning(s *table.Sheet, kind table.Kind) (table.Mapping, error) {
	if fi.o.Mapping != nil {
		return *fi.o.Mapping, nil
	}
	var kept string
	err := fi.d.view(fi.ctx, func(tx *store.Tx) (err error) {
		kept, err = tx.Setting(fi.ctx, mappingName(s, kind))
		return err
	})
	if err != nil {
		return table.Mapping{}, err
	}
	if kept != "" {
		var m table.Mapping
		if err := json.Unmarshal([]byte(kept), &m); err == nil && m.Fits(s) {
			return m, nil
		}
	}
	m := table.Propose(s, kind)
	if m.Confidence < 60 {
		return m, &fault.Error{Kind: fault.Invalid, Key: "import.columns", Args: []any{strings.Join(s.Headers(), ", ")}}
	}
	return m, nil
}

// mappingName is under what the meaning of a table's titles is remembered.
func mappingName(s *table.Sheet, kind table.Kind) string {
	h := sha256.Sum256([]byte(strings.ToLower(strings.Join(s.Headers(), "\x00"))))
	return "mapping:" + string(kind) + ":" + hex.EncodeToString(h[:8])
}

func (fi *fileImport) takeTable() (err error) {
	if fi.sheet, err = table.Open(fi.file.Name, fi.src, fi.file.Size); err != nil {
		return err
	}
	if fi.o.Mapping != nil {
		kept, err := json.Marshal(fi.o.Mapping)
		if err != nil {
			return err
		}
		if err := fi.step(func(m *moment) error {
			return m.SetSetting(m.ctx, mappingName(fi.sheet, fi.mean.Kind), string(kept))
		}); err != nil {
			return err
		}
	}
	switch fi.mean.Kind {
	case table.Customers:
		return fi.takeCustomers()
	case table.Contacts:
		return fi.takeContacts()
	case table.Payments:
		return fi.takePayments()
	case table.Bank:
		return fi.takeBank()
	}
	return fi.takeInvoices()
}

// takeInvoices reads the lines twice: first to know where each number stands last, so that the
// lines of one invoice are joined wherever they stand without keeping the file in memory.
func (fi *fileImport) takeInvoices() error {
	var err error
	fi.rep.LooksLikeSnapshot = fi.mean.Has("open") && !fi.mean.Has("settled_on") || isListOfOpenItems(fi.file.Name)
	if fi.seen, err = readNumbers(fi.sheet, &fi.mean); err != nil {
		return err
	}
	batches := make(chan []*incoming, 4)
	quit := make(chan struct{})
	var readErr error
	go func() {
		defer close(batches)
		j := joiner{fi: fi, open: map[uint64]*incoming{}}
		readErr = fi.sheet.ReadInvoices(&fi.mean, func(d *bill.Draft, n *table.Notes) bool {
			j.add(d, n)
			if len(j.ready) >= together {
				select {
				case batches <- j.ready:
					j.ready = nil
				case <-quit:
					return false
				}
			}
			return true
		})
		if rest := j.rest(); len(rest) > 0 {
			select {
			case batches <- rest:
			case <-quit:
			}
		}
	}()
	err = fi.applyAll(batches)
	close(quit)
	for range batches { // the reader has gone when its channel is closed
	}
	if err == nil {
		err = readErr
	}
	return err
}

// isListOfOpenItems tells by its name what a file most likely is.
func isListOfOpenItems(name string) bool {
	k := store.NameKey(name)
	for _, w := range []string{"balance agee", "echeancier", "encours", "impayes", "open items", "aged", "soldes", "non soldees"} {
		if strings.Contains(k, w) {
			return true
		}
	}
	return false
}

// joiner joins the lines of one number.
type joiner struct {
	fi    *fileImport
	open  map[uint64]*incoming // waiting for further lines
	ready []*incoming
}

func (j *joiner) add(d *bill.Draft, n *table.Notes) {
	if d.Line == 0 { // left out
		j.ready = append(j.ready, &incoming{warns: n.Warnings, skip: true})
		return
	}
	if d.Number == "" || j.fi.mean.ProductLines { // the table has joined product lines already
		j.ready = append(j.ready, newIncoming(d, n))
		return
	}
	if !j.fi.mean.Has("number") {
		j.fi.seen.made[j.fi.seen.of(d.Number)] = true
		j.ready = append(j.ready, newIncoming(d, n))
		return
	}
	h := j.fi.seen.of(d.Number)
	last, several := j.fi.seen.last[h]
	if !several {
		j.ready = append(j.ready, newIncoming(d, n))
		return
	}
	in := j.open[h]
	if in == nil {
		in = newIncoming(d, n)
	} else {
		in.join(d, n)
	}
	if int(last) > d.Line {
		j.open[h] = in
		return
	}
	delete(j.open, h)
	j.ready = append(j.ready, in)
}

// rest are the invoices whose last line was never met: it was a total, or left out.
func (j *joiner) rest() []*incoming {
	left := slices.SortedFunc(maps.Values(j.open), func(a, b *incoming) int { return a.d.Line - b.d.Line })
	return append(j.ready, left...)
}

// takeContacts takes a list of persons.
func (fi *fileImport) takeContacts() error {
	var batch []contactLine
	var failed error
	flush := func() error {
		list := batch
		batch = nil
		return fi.step(func(m *moment) error { return fi.applyContacts(m, list) })
	}
	err := fi.sheet.ReadContacts(&fi.mean, func(d *contactDraft, n *table.Notes) bool {
		fi.rep.warn(n.Warnings...)
		fi.rep.Read++
		if fi.refused(n) {
			return true
		}
		batch = append(batch, contactLine{*d})
		if len(batch) >= together {
			failed = flush()
		}
		return failed == nil
	})
	if failed == nil && err == nil && len(batch) > 0 {
		failed = flush()
	}
	if failed != nil {
		return failed
	}
	return err
}

// original keeps the document that a line names: a relative name inside the same folder or zip
// (PRODUCT.md §7). What cannot be had is told; the invoice is taken without it.
func (fi *fileImport) original(in *incoming) {
	name := in.d.FileName
	if name == "" || len(in.d.Original) > 0 {
		return
	}
	tell := func(key string) {
		fi.rep.warn(fault.Problem{Line: in.d.Line, Field: "file", Value: name, Key: key})
	}
	if fi.file.Near == nil {
		tell("import.file.none")
		return
	}
	f, err := fi.file.Near(name)
	if err != nil {
		key := fault.Key(err)
		if !i18n.Has(key) {
			key = "import.file.none"
		}
		tell(key)
		return
	}
	if f.Size > maxEInvoice {
		tell("import.file.large")
		return
	}
	src, err := f.Open()
	if err != nil {
		tell("import.file.none")
		return
	}
	defer src.Close()
	b, err := io.ReadAll(io.NewSectionReader(src, 0, f.Size))
	if err != nil {
		tell("import.file.none")
		return
	}
	fi.used[f.Name] = true
	in.d.Original, in.d.MediaType = b, mediaType(name)
}

func mediaType(name string) string {
	dot := strings.LastIndexByte(name, '.')
	switch strings.ToLower(name[dot+1:]) {
	case "pdf":
		return "application/pdf"
	case "xml":
		return "application/xml"
	case "png":
		return "image/png"
	case "jpg", "jpeg":
		return "image/jpeg"
	}
	return "application/octet-stream"
}
