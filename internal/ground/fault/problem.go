package fault

// Problem is what is wrong, or doubtful, at one place of a file: shown with its line number and
// never stopping the other lines.
type Problem struct {
	File  string // base name, when several files are read at once
	Line  int    // 1-based; 0 when the format has no lines
	Field string // canonical name of the field: "due", "amount", "siren"
	Value string // as found, cut to a readable length
	Key   string // message key, said by the door in the reader's language
	Args  []any
}

func (p Problem) Error() string { return p.Field + ": " + p.Key }
