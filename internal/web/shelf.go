package web

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"sync"
	"time"

	"relance/internal/ground/fault"
	"relance/internal/ground/id"
)

// shelf keeps the files that were rehearsed until their import is accepted: on disk, for a while,
// each under a name that nobody guesses and for the company that brought it.
type shelf struct {
	mu   sync.Mutex
	now  func() time.Time
	kept map[string]shelved
}

type shelved struct {
	company id.Company
	name    string
	path    string
	at      time.Time
}

// How long and how many files wait.
const (
	shelfLife = 2 * time.Hour
	shelfRoom = 20
)

// shelfName is what the files are called in the system's folder for what does not last.
const shelfName = "relance-import-*"

// sweep removes what a desk that was stopped left behind.
func sweep(now time.Time) {
	old, err := filepath.Glob(filepath.Join(os.TempDir(), shelfName))
	if err != nil {
		return // the pattern is a constant
	}
	for _, path := range old {
		if info, err := os.Stat(path); err == nil && now.Sub(info.ModTime()) > shelfLife {
			_ = os.Remove(path) // another desk may have been quicker
		}
	}
}

func newShelf(now func() time.Time) *shelf { return &shelf{now: now, kept: map[string]shelved{}} }

// put keeps a file and gives its name on the shelf.
func (s *shelf) put(c id.Company, name string, data []byte) (string, error) {
	sweep(s.now())
	f, err := os.CreateTemp("", shelfName)
	if err != nil {
		return "", err
	}
	_, err = f.Write(data)
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		_ = os.Remove(f.Name()) // the first error is the one to tell
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clean()
	token := rand.Text()
	s.kept[token] = shelved{c, filepath.Base(name), f.Name(), s.now()}
	return token, nil
}

// clean drops what is old, and the oldest when there is no room. The caller holds the lock.
func (s *shelf) clean() {
	for {
		oldest := ""
		for t, x := range s.kept {
			if s.now().Sub(x.at) > shelfLife {
				s.drop(t)
			} else if oldest == "" || x.at.Before(s.kept[oldest].at) {
				oldest = t
			}
		}
		if len(s.kept) < shelfRoom {
			return
		}
		s.drop(oldest)
	}
}

func (s *shelf) drop(token string) {
	_ = os.Remove(s.kept[token].path) // a file that is gone already is what is wanted
	delete(s.kept, token)
}

// get reads a file of a company.
func (s *shelf) get(c id.Company, token string) (name string, data []byte, err error) {
	s.mu.Lock()
	x, ok := s.kept[token]
	s.mu.Unlock()
	if !ok || x.company != c {
		return "", nil, fault.New(fault.NotFound, "web.import.gone")
	}
	data, err = os.ReadFile(x.path)
	return x.name, data, err
}

// take forgets a file.
func (s *shelf) take(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.kept[token]; ok {
		s.drop(token)
	}
}
