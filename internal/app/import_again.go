package app

import (
	"encoding/json"
)

// again answers a file that was the last thing that happened to this company: the newest fact of
// the journal is its own import, so that nothing moved since and importing it again can change
// nothing. Only for reports that list nothing: a list is read from the file.
func (fi *fileImport) again(sha string) (done bool, err error) {
	if !fi.o.Summary || fi.o.Mapping != nil || fi.rep.Kind == ImportBank { // a statement's balances are told each time
		return false, nil
	}
	err = fi.step(func(m *moment) error {
		last, err := m.Journal(m.ctx, 1)
		if err != nil || len(last) == 0 || last[0].Kind != journalImport || last[0].Body == "" {
			return err
		}
		var fact importFact
		if err := json.Unmarshal([]byte(last[0].Body), &fact); err != nil {
			return err
		}
		if fact.SHA256 != sha || fact.Kind != string(fi.rep.Kind) || fact.Snapshot != fi.o.Snapshot || fact.Day != m.day {
			return nil
		}
		was, err := m.Import(m.ctx, fact.Import)
		if err != nil || was.State != "done" {
			return err
		}
		var sum importSummary
		if err := json.Unmarshal([]byte(was.Report), &sum); err != nil {
			return err
		}
		if sum.Rejected > 0 || sum.Warned > 0 || sum.FEC != nil {
			return nil // what was wrong is told again, line by line
		}
		r := fi.rep
		r.ID, r.Read, r.Unchanged, r.Reconciliation = was.ID, sum.Read, sum.Read, sum.Reconciliation
		done = true
		return nil
	})
	return done, err
}
