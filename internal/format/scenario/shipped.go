package scenario

import (
	"bytes"
	"embed"
	"fmt"
	"sync"

	"relance/internal/domain/dunning"
)

//go:embed shipped/*.yaml
var files embed.FS

// Names lists the shipped scenarios (PRODUCT.md §3), the default first.
var Names = []string{"standard", "short", "personal", "key-account", "export", "consumer", "public", "none"}

// Shipped gives the shipped scenarios in the order of Names, version 0: the store numbers them.
var Shipped = sync.OnceValue(func() []*dunning.Scenario {
	var out []*dunning.Scenario
	for _, name := range Names {
		b, err := files.ReadFile("shipped/" + name + ".yaml")
		if err != nil {
			panic(err)
		}
		s, problems, err := Read(bytes.NewReader(b))
		if err != nil || len(problems) > 0 {
			panic(fmt.Sprintf("shipped scenario %s: %v %v", name, err, problems))
		}
		out = append(out, s)
	}
	return out
})
