package app

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"relance/internal/format"
	"relance/internal/ground/fault"
)

// Limits of what is found in folders and zips.
const (
	maxFound    = 20_000
	maxDepth    = 20
	maxZipEntry = 1 << 30  // bytes of one file inside a zip
	maxZipSum   = 4 << 30  // of all of them
	zipInMemory = 8 << 20  // larger ones are unpacked to a temporary file
	suspicious  = 10 << 20 // from this size on, the ratio counts
	maxRatio    = 200      // text shrinks 5 to 50 times, a bomb a thousand times
)

// FileSet is what paths given by a person hold.
type FileSet struct {
	Files   []ImportFile
	closers []io.Closer
	gunzip  int64 // bytes that the .gz files unfold to
}

// Close lets folders and zips go.
func (s *FileSet) Close() error {
	var errs []error
	for _, c := range s.closers {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}

// FilesAt lists the files that paths hold: files as they are, folders, zips and .gz opened. Names are
// relative, links are never followed inside a folder, and nothing is read outside it.
func FilesAt(paths []string) (_ *FileSet, err error) {
	s := &FileSet{}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	for _, p := range paths {
		info, err := os.Stat(p)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return s, fault.New(fault.NotFound, "import.no-file", p)
		case err != nil:
			return s, fault.New(fault.Invalid, "import.unreadable", p, err.Error())
		case info.IsDir():
			err = s.folder(p)
		case !info.Mode().IsRegular():
			err = fault.New(fault.Invalid, "import.not-regular", p)
		default:
			err = s.file(p, info.Size())
		}
		if err != nil {
			return s, err
		}
	}
	if len(s.Files) == 0 {
		return s, fault.New(fault.NotFound, "import.nothing")
	}
	return s, nil
}

// file adds one file, or what is in it when it is a zip.
func (s *FileSet) file(p string, size int64) error {
	if strings.EqualFold(filepath.Ext(p), ".zip") {
		f, err := os.Open(p)
		if err != nil {
			return fault.New(fault.Invalid, "import.unreadable", p, err.Error())
		}
		s.closers = append(s.closers, f)
		return s.zip(filepath.Base(p), f, size)
	}
	if isGzip(p) {
		return s.gzip(ImportFile{Name: filepath.Base(p), Size: size, Open: func() (ImportSource, error) { return openFile(p) }})
	}
	dir := filepath.Dir(p)
	s.Files = append(s.Files, ImportFile{Name: filepath.Base(p), Size: size,
		Open: func() (ImportSource, error) { return openFile(p) },
		Near: func(name string) (ImportFile, error) {
			root, err := os.OpenRoot(dir)
			if err != nil {
				return ImportFile{}, fault.New(fault.NotFound, "import.file.none")
			}
			defer root.Close()
			return near(root, dir, ".", name)
		}})
	return nil
}

func openFile(p string) (ImportSource, error) {
	f, err := os.Open(p)
	if err != nil {
		return nil, fault.New(fault.Invalid, "import.unreadable", filepath.Base(p), err.Error())
	}
	return f, nil
}

// near finds a regular file by a relative name inside a folder, without following any link.
func near(root *os.Root, dir, in, name string) (ImportFile, error) {
	rel, err := relative(in, name)
	if err != nil {
		return ImportFile{}, err
	}
	var info fs.FileInfo
	for i := 1; i <= len(rel); i++ { // each folder on the way too
		if i < len(rel) && rel[i] != '/' {
			continue
		}
		if info, err = root.Lstat(rel[:i]); err != nil {
			return ImportFile{}, fault.New(fault.NotFound, "import.file.none")
		}
		if info.Mode()&fs.ModeSymlink != 0 {
			return ImportFile{}, fault.New(fault.Invalid, "import.file.outside")
		}
	}
	if !info.Mode().IsRegular() {
		return ImportFile{}, fault.New(fault.Invalid, "import.file.none")
	}
	return ImportFile{Name: rel, Size: info.Size(), Open: func() (ImportSource, error) {
		again, err := os.OpenRoot(dir)
		if err != nil {
			return nil, err
		}
		defer again.Close()
		return again.Open(rel)
	}}, nil
}

// relative joins a name of the column "file" to the folder of its table; absolute names, "..",
// drives and the like are refused (PRODUCT.md §7).
func relative(in, name string) (string, error) {
	name = strings.TrimPrefix(strings.ReplaceAll(name, `\`, "/"), "./")
	if !fs.ValidPath(name) || name == "." || strings.ContainsAny(name, ":\x00") {
		return "", fault.New(fault.Invalid, "import.file.outside")
	}
	return path.Join(in, name), nil
}

// folder adds the files of a folder and of those inside it.
func (s *FileSet) folder(p string) error {
	root, err := os.OpenRoot(p)
	if err != nil {
		return fault.New(fault.Invalid, "import.unreadable", p, err.Error())
	}
	s.closers = append(s.closers, root)
	before := len(s.Files)
	err = fs.WalkDir(root.FS(), ".", func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fault.New(fault.Invalid, "import.unreadable", name, err.Error())
		case hidden(name):
			if e.IsDir() {
				return fs.SkipDir
			}
			return nil
		case e.IsDir():
			if strings.Count(name, "/") >= maxDepth {
				return fs.SkipDir
			}
			return nil
		case !e.Type().IsRegular():
			return nil // links and devices are not followed
		case len(s.Files)-before >= maxFound:
			return fault.New(fault.Invalid, "import.too-many", maxFound)
		}
		info, err := e.Info()
		if err != nil {
			return fault.New(fault.Invalid, "import.unreadable", name, err.Error())
		}
		return s.inFolder(root, p, name, info.Size())
	})
	return err
}

func (s *FileSet) inFolder(root *os.Root, dir, name string, size int64) error {
	if strings.EqualFold(path.Ext(name), ".zip") {
		f, err := root.Open(name)
		if err != nil {
			return fault.New(fault.Invalid, "import.unreadable", name, err.Error())
		}
		s.closers = append(s.closers, f)
		return s.zip(name, f, size)
	}
	if isGzip(name) {
		return s.gzip(ImportFile{Name: name, Size: size, found: true, Open: func() (ImportSource, error) { return root.Open(name) }})
	}
	s.Files = append(s.Files, ImportFile{Name: name, Size: size, found: true,
		Open: func() (ImportSource, error) { return root.Open(name) },
		Near: func(other string) (ImportFile, error) { return near(root, dir, path.Dir(name), other) }})
	return nil
}

// hidden leaves out what systems put beside people's files.
func hidden(name string) bool {
	base := path.Base(name)
	return name != "." && strings.HasPrefix(base, ".") || base == "__MACOSX" || strings.EqualFold(base, "thumbs.db") || base == "desktop.ini"
}

// zip adds the files of a zip; what it says of itself is checked before, what it unfolds to while
// it is read.
func (s *FileSet) zip(name string, r io.ReaderAt, size int64) error {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return fault.New(fault.Invalid, "import.zip.damaged", name)
	}
	if len(z.File) > maxFound {
		return fault.New(fault.Invalid, "import.too-many", maxFound)
	}
	entries := map[string]*zip.File{}
	var sum uint64
	for _, e := range z.File {
		n := strings.ReplaceAll(e.Name, `\`, "/")
		if !fs.ValidPath(strings.TrimSuffix(n, "/")) {
			return fault.New(fault.Invalid, "import.zip.name", e.Name)
		}
		if strings.HasSuffix(n, "/") || !e.Mode().IsRegular() || inHidden(n) {
			continue
		}
		if sum += e.UncompressedSize64; e.UncompressedSize64 > maxZipEntry || sum > maxZipSum ||
			e.UncompressedSize64 > suspicious && e.UncompressedSize64/max(e.CompressedSize64, 1) > maxRatio {
			return fault.New(fault.Invalid, "import.zip.bomb", e.Name)
		}
		entries[n] = e
	}
	for _, e := range z.File {
		n := strings.ReplaceAll(e.Name, `\`, "/")
		if entries[n] != e {
			continue
		}
		s.Files = append(s.Files, zipped(name, n, e, entries))
	}
	return nil
}

func inHidden(name string) bool {
	for _, part := range strings.Split(name, "/") {
		if hidden(part) {
			return true
		}
	}
	return false
}

func zipped(archive, name string, e *zip.File, entries map[string]*zip.File) ImportFile {
	return ImportFile{Name: archive + "/" + name, Size: int64(e.UncompressedSize64), found: true,
		Open: func() (ImportSource, error) { return unpack(e) },
		Near: func(other string) (ImportFile, error) {
			rel, err := relative(path.Dir(name), other)
			if err != nil {
				return ImportFile{}, err
			}
			o := entries[rel]
			if o == nil {
				return ImportFile{}, fault.New(fault.NotFound, "import.file.none")
			}
			return zipped(archive, rel, o, entries), nil
		}}
}

// unpack opens a file of a zip for reading anywhere in it: in memory, or in a temporary file.
func unpack(e *zip.File) (ImportSource, error) {
	in, err := e.Open()
	if err != nil {
		return nil, fault.New(fault.Invalid, "import.zip.damaged", e.Name)
	}
	defer in.Close()
	src, err := unfold(in, int64(e.UncompressedSize64))
	if errors.Is(err, errOtherSize) {
		err = fault.New(fault.Invalid, "import.zip.damaged", e.Name)
	}
	return src, err
}

// errOtherSize tells that what was packed is not what was said of it.
var errOtherSize = errors.New("other size")

// unfold reads all of in, which holds size bytes, for reading anywhere in it.
func unfold(in io.Reader, size int64) (ImportSource, error) {
	limited := io.LimitReader(in, size+1)
	if size <= zipInMemory {
		b, err := io.ReadAll(limited)
		if err != nil || int64(len(b)) != size {
			return nil, errOtherSize
		}
		return memory{bytes.NewReader(b)}, nil
	}
	f, err := os.CreateTemp("", "relance-*")
	if err != nil {
		return nil, err
	}
	if n, err := io.Copy(f, limited); err != nil || n != size {
		return nil, errors.Join(errOtherSize, temporary{f}.Close())
	}
	return temporary{f}, nil
}

// memory is a file held in memory.
type memory struct{ *bytes.Reader }

// Close has nothing to let go.
func (memory) Close() error { return nil }

// temporary is a file that goes when it is closed.
type temporary struct{ *os.File }

// Close removes the file.
func (t temporary) Close() error { return errors.Join(t.File.Close(), os.Remove(t.Name())) }

// FileIn is a file held in memory: what a browser sent.
func FileIn(name string, b []byte) ImportFile {
	return ImportFile{Name: path.Base(strings.ReplaceAll(name, `\`, "/")), Size: int64(len(b)),
		Open: func() (ImportSource, error) { return memory{bytes.NewReader(b)}, nil }}
}

// FilesIn is what an upload holds: the file, what a .gz packs, or the files of a zip.
func FilesIn(name string, b []byte) (*FileSet, error) {
	s := &FileSet{}
	if format.Detect(name, b[:min(len(b), format.HeadSize)]) == format.Zip {
		return s, s.zip(path.Base(name), bytes.NewReader(b), int64(len(b)))
	}
	if isGzip(name) {
		return s, s.gzip(FileIn(name, b))
	}
	s.Files = []ImportFile{FileIn(name, b)}
	return s, nil
}
