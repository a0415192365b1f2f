package scenario

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"relance/internal/ground/fault"
)

// Aliases that unfold to billions of values, depth without end and a file without end are refused, within a memory that
// the file's own size bounds.
func TestHostile(t *testing.T) {
	var laughs strings.Builder
	laughs.WriteString("name: x\na0: &a0 [x,x,x,x,x,x,x,x,x,x]\n")
	for i := 1; i < 12; i++ {
		fmt.Fprintf(&laughs, "a%d: &a%d [%s*a%d]\n", i, i, strings.Repeat(fmt.Sprintf("*a%d,", i-1), 9), i-1)
	}
	laughs.WriteString("steps: *a11\n")
	for name, src := range map[string]string{
		"billion laughs": laughs.String(),
		"a step of them": "name: x\nsteps:\n  - &s {id: a, kind: reminder, to: &t [accounting]}\n" + strings.Repeat("  - *s\n", 5000),
		"itself":         "name: x\nsteps: &s [*s]\n",
		"depth":          "name: x\nsteps: " + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + "\n",
		"too long":       "name: x\n" + strings.Repeat("# comment\n", MaxSize/10+1),
		"merge":          "name: x\nsteps:\n  - {id: a, kind: reminder, <<: {<<: {<<: {at: 5}}}}\n",
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, problems, err := Read(strings.NewReader(src))
		runtime.ReadMemStats(&after)
		if err == nil && len(problems) == 0 {
			t.Errorf("%s is taken", name)
		}
		if err != nil && fault.Of(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
		if n := after.TotalAlloc - before.TotalAlloc; n > 64<<20 {
			t.Errorf("%s: %d MB of memory for %d kB", name, n>>20, len(src)>>10)
		}
	}
}
