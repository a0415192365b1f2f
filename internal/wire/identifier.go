package wire

import "relance/internal/ground/ident"

// Identifier answers `calc identifier`. Doubtful: the form is right and only the control figure is
// not, so that an import warns and keeps it.
type Identifier struct {
	Valid     bool   `json:"valid"`
	Formatted string `json:"formatted"`
	Reason    string `json:"reason"`         // a sentence in the reader's language
	Code      string `json:"code,omitempty"` // the same, stable: "ident.control"
	Value     string `json:"value,omitempty"`
	Doubtful  bool   `json:"doubtful,omitempty"`
}

// IdentifierOf is the JSON shape of a finding, its reason said.
func IdentifierOf(f ident.Finding, reason string) Identifier {
	return Identifier{Valid: f.Valid(), Formatted: f.Formatted, Reason: reason, Code: f.Reason, Value: f.Value, Doubtful: f.Doubtful}
}

// Made answers `calc identifier make`.
type Made struct {
	Value     string `json:"value"`
	Formatted string `json:"formatted"`
}
