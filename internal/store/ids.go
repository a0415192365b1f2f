package store

import "context"

// idBlock is how many identifiers are taken from the database at a time.
const idBlock = 1000

// block is a run of identifiers nobody else has.
type block struct{ next, end int64 }

// lend takes the store's block for one transaction. A transaction that is rolled back loses it:
// on SQLite the counter was rolled back with it, elsewhere a gap does no harm.
func (s *Store) lend() block {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.ids
	s.ids = block{}
	return b
}

func (s *Store) giveBack(b block) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if b.end-b.next > s.ids.end-s.ids.next {
		s.ids = b
	}
}

// NewID gives an identifier that no row has.
func (tx *Tx) NewID(ctx context.Context) (int64, error) {
	if tx.ids.next >= tx.ids.end {
		// Differs because PostgreSQL's writers run side by side: a sequence does not make them
		// queue; on SQLite there is one writer, and its counter commits with its rows.
		q := `UPDATE counter SET next = next + 1000 RETURNING next - 1000`
		if tx.s.dialect == Postgres {
			q = `SELECT nextval('counter')`
		}
		var from int64
		if err := tx.one(ctx, q, nil, &from); err != nil {
			return 0, err
		}
		tx.ids = block{from, from + idBlock}
	}
	tx.ids.next++
	return tx.ids.next - 1, nil
}
