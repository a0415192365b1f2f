package pdf

import (
	"bytes"
	"crypto/sha256"
	"image"
	"image/color"
	_ "image/jpeg" // logos and signatures are JPEG
	_ "image/png"  // or PNG
	"sync"

	"rsc.io/qr"
)

// Limits of pictures: a larger one is not printed. maxSide is 300 dots an inch over 60 mm.
const (
	maxPictureBytes = 5 << 20
	maxPicturePixel = 25_000_000
	maxSide         = 720
	keptPictures    = 32
)

// picture is a logo or a signature as a PDF file holds it.
type picture struct {
	w, h          int
	space, filter string
	data          []byte
}

// gallery keeps the last pictures: a firm prints the same logo a thousand times.
type gallery struct {
	mu  sync.Mutex
	all map[[sha256.Size]byte]*picture // nil for what is not a picture
}

// picture reads a PNG or JPEG; nil when it is not one: a letter without its logo is still a letter.
func (g *gallery) picture(file []byte) *picture {
	if len(file) == 0 || len(file) > maxPictureBytes {
		return nil
	}
	key := sha256.Sum256(file)
	g.mu.Lock()
	x, ok := g.all[key]
	g.mu.Unlock()
	if ok {
		return x
	}
	x = readPicture(file)
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.all == nil || len(g.all) >= keptPictures {
		g.all = map[[sha256.Size]byte]*picture{}
	}
	g.all[key] = x
	return x
}

func readPicture(file []byte) *picture {
	c, kind, err := image.DecodeConfig(bytes.NewReader(file))
	if err != nil || c.Width < 1 || c.Height < 1 || int64(c.Width)*int64(c.Height) > maxPicturePixel {
		return nil
	}
	img, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		return nil
	}
	// A JPEG of a usual kind goes as it is; the others (CMYK) are read differently by every program.
	if kind == "jpeg" && max(c.Width, c.Height) <= 2*maxSide {
		switch c.ColorModel {
		case color.YCbCrModel:
			return &picture{c.Width, c.Height, "DeviceRGB", "DCTDecode", file}
		case color.GrayModel:
			return &picture{c.Width, c.Height, "DeviceGray", "DCTDecode", file}
		}
	}
	return flatten(img)
}

// flatten lays a picture on white paper, at most maxSide dots a side, each the mean of what it
// covers.
func flatten(img image.Image) *picture {
	in := img.Bounds()
	w, h := in.Dx(), in.Dy()
	if m := max(w, h); m > maxSide {
		w, h = max(1, w*maxSide/m), max(1, h*maxSide/m)
	}
	out := make([]byte, 0, w*h*3)
	for y := range h {
		y0, y1 := in.Min.Y+y*in.Dy()/h, in.Min.Y+(y+1)*in.Dy()/h
		for x := range w {
			x0, x1 := in.Min.X+x*in.Dx()/w, in.Min.X+(x+1)*in.Dx()/w
			var r, g, b, n uint64
			for sy := y0; sy < y1; sy++ {
				for sx := x0; sx < x1; sx++ {
					cr, cg, cb, ca := img.At(sx, sy).RGBA()
					paper := uint64(0xffff - ca)
					r, g, b, n = r+uint64(cr)+paper, g+uint64(cg)+paper, b+uint64(cb)+paper, n+1
				}
			}
			out = append(out, uint8(r/n>>8), uint8(g/n>>8), uint8(b/n>>8))
		}
	}
	return &picture{w, h, "DeviceRGB", "FlateDecode", deflate(out)}
}

// code is a QR code, drawn as rectangles: sharp at any size.
type code struct{ c *qr.Code }

// newCode is nil when there is nothing to encode or too much.
func newCode(payload string) *code {
	if payload == "" {
		return nil
	}
	// Level M is what EPC069-12 asks for; a symbol larger than version 13 is not made.
	c, err := qr.Encode(payload, qr.M)
	if err != nil || c.Size > 69 {
		return nil
	}
	return &code{c}
}

// draw paints the runs of dark modules of each line.
func (k *code) draw(b []byte, x, y, w float64) []byte {
	n := k.c.Size
	unit := w / float64(n)
	for j := range n {
		for i := 0; i < n; i++ {
			if !k.c.Black(i, j) {
				continue
			}
			from := i
			for i < n && k.c.Black(i, j) {
				i++
			}
			b = rectangle(b, x+float64(from)*unit, y+float64(j)*unit, float64(i-from)*unit, unit)
		}
	}
	return append(b, "f\n"...)
}

// fit scales a picture in a frame, keeping its proportions.
func (x *picture) fit(w, h float64) (float64, float64) {
	k := min(w/float64(x.w), h/float64(x.h))
	return float64(x.w) * k, float64(x.h) * k
}
