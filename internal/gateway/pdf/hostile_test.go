package pdf

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"runtime"
	"testing"
)

// pngPart is a part of a PNG.
func pngPart(kind string, data []byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	out = append(append(out, kind...), data...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

// flat is a PNG of one colour, which packs a thousand times.
func flat(tb testing.TB, w, h uint32) []byte {
	tb.Helper()
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	row := make([]byte, 1+(w+7)/8)
	for range min(h, 2000) {
		if _, err := z.Write(row); err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	out := append([]byte("\x89PNG\r\n\x1a\n"), pngPart("IHDR", append(head, 1, 0, 0, 0, 0))...)
	return append(append(out, pngPart("IDAT", b.Bytes())...), pngPart("IEND", nil)...)
}

// A picture that unfolds to more than a page holds is no picture: its head alone is read.
func TestPictureBombs(t *testing.T) {
	for _, side := range [][2]uint32{{50_000, 50_000}, {1 << 31, 1 << 31}, {1<<31 - 1, 1<<31 - 1}, {1, 1 << 30}, {1 << 16, 1 << 16}, {0, 5}} {
		file := flat(t, min(side[0], 50_000), side[1])
		binary.BigEndian.PutUint32(file[16:], side[0])
		binary.BigEndian.PutUint32(file[29:], crc32.ChecksumIEEE(file[12:29]))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if p := readPicture(file); p != nil {
			t.Errorf("%v is printed as %d × %d", side, p.w, p.h)
		}
		runtime.ReadMemStats(&after)
		if n := after.TotalAlloc - before.TotalAlloc; n > 1<<20 {
			t.Errorf("%v takes %d MB", side, n>>20)
		}
	}
	if readPicture(flat(t, 800, 600)) == nil {
		t.Error("an honest picture is refused")
	}
}
