package main

import (
	"database/sql"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"strconv"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/jackc/pgx/v5"
	_ "modernc.org/sqlite"
)

// measured is what one piece of work took.
type measured struct {
	wall time.Duration
	cpu  time.Duration // program and database server
	peak uint64        // bytes of memory in use, at most
}

// measure does a piece of work and watches what it takes.
func (b *bench) measure(fn func() error) (m measured, err error) {
	runtime.GC()
	stop, peak := make(chan struct{}), make(chan uint64)
	go func() {
		var top uint64
		t := time.NewTicker(20 * time.Millisecond)
		defer t.Stop()
		for {
			top = max(top, inUse())
			select {
			case <-stop:
				peak <- top
				return
			case <-t.C:
			}
		}
	}()
	cpu, start := ownCPU()+b.serverCPU(), time.Now()
	err = fn()
	m.wall, m.cpu = time.Since(start), ownCPU()+b.serverCPU()-cpu
	close(stop)
	m.peak = <-peak
	return m, err
}

// inUse is the memory that the program holds for what lives and what it has not collected yet; read
// without stopping the program, so that watching costs nothing.
func inUse() (sum uint64) {
	list := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/unused:bytes"},
		{Name: "/memory/classes/heap/stacks:bytes"}}
	metrics.Read(list)
	for _, s := range list {
		sum += s.Value.Uint64()
	}
	return sum
}

func ownCPU() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// serverCPU is what the processes of the measured server have used so far; zero on SQLite, which
// runs inside the program. A server of another machine is not counted.
func (b *bench) serverCPU() (sum time.Duration) {
	if b.postmaster == "" {
		return 0
	}
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0
	}
	for _, name := range stats {
		data, err := os.ReadFile(name)
		if err != nil || !strings.Contains(string(data), "(postgres)") {
			continue
		}
		f := strings.Fields(string(data[strings.LastIndexByte(string(data), ')')+1:]))
		if len(f) < 15 || f[1] != b.postmaster && filepath.Base(filepath.Dir(name)) != b.postmaster {
			continue
		}
		// utime, stime and those of children already waited for, in hundredths of a second.
		for _, i := range []int{11, 12, 13, 14} {
			if n, err := strconv.ParseInt(f[i], 10, 64); err == nil {
				sum += time.Duration(n) * 10 * time.Millisecond
			}
		}
	}
	return sum
}

// findServer finds the first process of the measured server: the parent of the one that answers.
func (b *bench) findServer() error {
	if b.store.Pool() == nil {
		return nil
	}
	var pid int
	if err := b.store.Pool().QueryRow(b.ctx, `SELECT pg_backend_pid()`).Scan(&pid); err != nil {
		return err
	}
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil || !strings.Contains(string(data), "(postgres)") {
		return nil // it runs elsewhere
	}
	b.postmaster = strings.Fields(string(data[strings.LastIndexByte(string(data), ')')+1:]))[1]
	return nil
}

// row is a line of the table.
type row struct {
	name  string
	items int
	m     measured
	plain time.Duration
	what  string
}

func (b *bench) add(name string, items int, m measured, plain time.Duration, what string) {
	b.table = append(b.table, row{name, items, m, plain, what})
	fmt.Fprintf(os.Stderr, "  %s: %s, %s of CPU, %d MB\n", name, short(m.wall), short(m.cpu), m.peak/1e6)
}

// print writes the table: a ratio is the figure over the plain limit of the same run.
func (b *bench) print(w io.Writer) {
	fmt.Fprintf(w, "%d open items, %s, %d processors, %s\n", b.n, strings.SplitN(b.url, ":", 2)[0], runtime.NumCPU(), runtime.Version())
	t := tabwriter.NewWriter(w, 2, 8, 2, ' ', 0)
	fmt.Fprintln(t, "work\titems\twall\ta second\tCPU an item\tmemory\tplain limit\tratio\tof what")
	for _, r := range b.table {
		perItem := time.Duration(0)
		if r.items > 0 {
			perItem = r.m.cpu / time.Duration(r.items)
		}
		ratio := "—"
		if r.plain > 0 {
			ratio = fmt.Sprintf("%.1f×", float64(r.m.wall)/float64(r.plain))
		}
		fmt.Fprintf(t, "%s\t%d\t%s\t%.0f\t%s\t%d MB\t%s\t%s\t%s\n", r.name, r.items, short(r.m.wall), float64(r.items)/r.m.wall.Seconds(),
			short(perItem), r.m.peak>>20, short(r.plain), ratio, r.what)
	}
	_ = t.Flush() // w answers for itself
}

func short(d time.Duration) string {
	switch {
	case d == 0:
		return "—"
	case d < 10*time.Microsecond:
		return fmt.Sprintf("%.2f µs", float64(d)/1e3)
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.0f µs", float64(d)/1e3)
	case d < 10*time.Second:
		return fmt.Sprintf("%.0f ms", float64(d)/1e6)
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// plainRows is how long the database takes for so many rows of an item's width, written the
// fastest way it knows, with one index: what nothing that keeps rows can beat.
func (b *bench) plainRows(n int) (time.Duration, error) {
	if strings.HasPrefix(b.url, "postgres") {
		return b.plainCopy(n)
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.dir, "plain.db")+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		return 0, err
	}
	defer db.Close()
	if _, err := db.Exec(`DROP TABLE IF EXISTS plain; CREATE TABLE plain (id INTEGER PRIMARY KEY, customer BIGINT, due TEXT, amount BIGINT, open BIGINT, number TEXT);
		CREATE INDEX plain_due ON plain (customer, due)`); err != nil {
		return 0, err
	}
	start := time.Now()
	tx, err := db.Begin()
	if err != nil {
		return 0, err
	}
	const together = 50
	st, err := tx.Prepare(`INSERT INTO plain VALUES (?,?,?,?,?,?)` + strings.Repeat(`,(?,?,?,?,?,?)`, together-1))
	if err != nil {
		return 0, err
	}
	args := make([]any, 0, 6*together)
	for i := 0; i+together <= n; i += together {
		args = args[:0]
		for k := i; k < i+together; k++ {
			args = append(args, k, k/5, "2026-11-23", 12345, 12345, "F-2026-000")
		}
		if _, err := st.Exec(args...); err != nil {
			return 0, err
		}
	}
	if err := tx.Commit(); err != nil {
		return 0, err
	}
	return time.Since(start), nil
}

func (b *bench) plainCopy(n int) (time.Duration, error) {
	c, err := pgx.Connect(b.ctx, b.url)
	if err != nil {
		return 0, err
	}
	defer c.Close(b.ctx)
	if _, err := c.Exec(b.ctx, `DROP TABLE IF EXISTS bench_plain; CREATE TABLE bench_plain (id BIGINT PRIMARY KEY, customer BIGINT, due TEXT, amount BIGINT,
		open BIGINT, number TEXT); CREATE INDEX ON bench_plain (customer, due)`); err != nil {
		return 0, err
	}
	start := time.Now()
	i := 0
	_, err = c.CopyFrom(b.ctx, pgx.Identifier{"bench_plain"}, []string{"id", "customer", "due", "amount", "open", "number"},
		pgx.CopyFromFunc(func() ([]any, error) {
			if i == n {
				return nil, nil
			}
			i++
			return []any{i, i / 5, "2026-11-23", 12345, 12345, "F-2026-000"}, nil
		}))
	d := time.Since(start)
	if err != nil {
		return 0, err
	}
	_, err = c.Exec(b.ctx, `DROP TABLE bench_plain`)
	return d, err
}

// plainRead is the median time of a question asked by hand, without the program.
func (b *bench) plainRead(q string) (time.Duration, error) {
	var ask func() error
	if b.store.Pool() != nil {
		ask = func() error { return b.store.Pool().QueryRow(b.ctx, q).Scan(new(any)) }
	} else {
		db, err := sql.Open("sqlite", "file:"+strings.TrimPrefix(b.url, "sqlite:")+"?_pragma=query_only(ON)&_pragma=cache_size(-32000)")
		if err != nil {
			return 0, err
		}
		defer db.Close()
		ask = func() error { return db.QueryRow(q).Scan(new(any)) }
	}
	if err := ask(); err != nil { // what is read first comes from the disk
		return 0, err
	}
	m, err := b.median(ask)
	return m.wall, err
}

// plainPages is how long writing so many documents' bytes to files takes.
func (b *bench) plainPages(page []byte, n int) (time.Duration, error) {
	start := time.Now()
	for i := range n {
		if err := os.WriteFile(filepath.Join(b.dir, strconv.Itoa(i)+".pdf"), page, 0o600); err != nil {
			return 0, err
		}
	}
	return time.Since(start), nil
}
