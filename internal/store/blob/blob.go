package blob

import (
	"bytes"
	"compress/flate"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"sync"

	"relance/internal/ground/fault"
)

// MaxSize is the largest file kept, in bytes.
const MaxSize = 64 << 20

// Files is a set of files by hash.
type Files struct{ db database }

// database is what SQLite and PostgreSQL both do for files.
type database interface {
	put(ctx context.Context, r record) error
	get(ctx context.Context, sha string) (record, error)
	list(ctx context.Context, after string, limit int) ([]string, error)
	close() error
}

type record struct {
	sha, media string
	size       int64
	packed     bool
	data       []byte
}

var packers = sync.Pool{New: func() any {
	w, err := flate.NewWriter(nil, flate.BestSpeed)
	if err != nil {
		panic(err) // the level is a constant
	}
	return w
}}

// Put keeps a file and gives its hash; a file already there is not written again.
func (f *Files) Put(ctx context.Context, data []byte, media string) (sha string, err error) {
	defer fault.Wrap(&err, "blob.put")
	if len(data) > MaxSize {
		return "", fault.New(fault.Invalid, "file.too-large", MaxSize>>20)
	}
	h := sha256.Sum256(data)
	r := record{sha: hex.EncodeToString(h[:]), media: media, size: int64(len(data)), data: data}
	var b bytes.Buffer
	w := packers.Get().(*flate.Writer)
	defer packers.Put(w)
	w.Reset(&b)
	if _, err := w.Write(data); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	if b.Len() < len(data)*9/10 {
		r.packed, r.data = true, b.Bytes()
	}
	return r.sha, f.db.put(ctx, r)
}

// Get gives a file back, byte for byte, and its media type.
func (f *Files) Get(ctx context.Context, sha string) (data []byte, media string, err error) {
	defer fault.Wrap(&err, "blob.get")
	r, err := f.db.get(ctx, sha)
	if err != nil {
		return nil, "", err
	}
	data = r.data
	if r.packed {
		data, err = io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(r.data)), MaxSize+1))
		if err != nil {
			return nil, "", err
		}
	}
	if h := sha256.Sum256(data); hex.EncodeToString(h[:]) != sha {
		return nil, "", fault.New(fault.Internal, "file.damaged", sha)
	}
	return data, r.media, nil
}

// Close lets the database go.
func (f *Files) Close() error { return f.db.close() }

// Each walks every file in the order of their hashes, byte for byte as they came.
func (f *Files) Each(ctx context.Context, fn func(sha, media string, data []byte) error) error {
	after := ""
	for {
		names, err := f.db.list(ctx, after, 200)
		if err != nil || len(names) == 0 {
			return err
		}
		for _, sha := range names {
			data, media, err := f.Get(ctx, sha)
			if err != nil {
				return err
			}
			if err := fn(sha, media, data); err != nil {
				return err
			}
			after = sha
		}
	}
}
