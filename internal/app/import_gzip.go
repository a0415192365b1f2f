package app

import (
	"compress/flate"
	"compress/gzip"
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"relance/internal/ground/fault"
)

// isGzip tells a packed file by its name: banks send "releve.xml.gz".
func isGzip(name string) bool { return strings.EqualFold(path.Ext(name), ".gz") }

// gzip adds what a .gz packs under its name without ".gz". Unlike a zip it does not say how much it holds, so
// it is unfolded once to be measured, within the limits of a zip, and again when it is read.
func (s *FileSet) gzip(f ImportFile) error {
	room := min(maxZipEntry, maxZipSum-s.gunzip)
	size := int64(0)
	if err := gunzip(f, func(in io.Reader) (err error) {
		size, err = io.Copy(io.Discard, io.LimitReader(in, room+1))
		return err
	}); err != nil {
		return err
	}
	if size > room || size > suspicious && size/max(f.Size, 1) > maxRatio {
		return fault.New(fault.Invalid, "import.gz.bomb", f.Name)
	}
	s.gunzip += size
	s.Files = append(s.Files, ImportFile{Name: f.Name[:len(f.Name)-len(".gz")], Size: size, found: f.found,
		Open: func() (src ImportSource, err error) {
			err = gunzip(f, func(in io.Reader) (err error) {
				src, err = unfold(in, size)
				return err
			})
			return src, err
		}})
	return nil
}

// gunzip reads what a .gz packs.
func gunzip(f ImportFile, read func(in io.Reader) error) error {
	src, err := f.Open()
	if err != nil {
		return err
	}
	defer src.Close()
	z, err := gzip.NewReader(io.NewSectionReader(src, 0, f.Size))
	if err == nil {
		err = read(z)
	}
	var corrupt flate.CorruptInputError
	if errors.As(err, &corrupt) || slices.ContainsFunc([]error{gzip.ErrHeader, gzip.ErrChecksum, io.ErrUnexpectedEOF, io.EOF, errOtherSize},
		func(e error) bool { return errors.Is(err, e) }) {
		return fault.New(fault.Invalid, "import.gz.damaged", f.Name)
	}
	return err
}
