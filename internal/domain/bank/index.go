package bank

import (
	"math/bits"
	"slices"
)

// index finds small numbers by a hash, in a few steps and a few bytes each. Two things may share a hash:
// whoever asks compares what it finds.
type index struct {
	shift uint
	start []int32 // of each bucket, by the first bits of the hash
	keys  []hash
	vals  []int32
	seen  []uint64 // bits of hashes: most questions are about things that are not there
}

// entry is one number and the hash under which it is found.
type entry struct {
	key hash
	val int32
}

// newIndex sorts entries into buckets; within a hash they keep their order.
func newIndex(list []entry) *index {
	wide := max(4, bits.Len(uint(len(list)))-1)
	x := &index{shift: uint(64 - wide), start: make([]int32, 1<<wide+1), keys: make([]hash, len(list)), vals: make([]int32, len(list)),
		seen: make([]uint64, 1<<max(0, wide-2))}
	for _, e := range list {
		x.start[e.key>>x.shift+1]++
		bit := x.bit(e.key)
		x.seen[bit>>6] |= 1 << (bit & 63)
	}
	for i := 1; i < len(x.start); i++ {
		x.start[i] += x.start[i-1]
	}
	next := slices.Clone(x.start)
	for _, e := range list {
		b := e.key >> x.shift
		lo, at := x.start[b], next[b]
		for at > lo && x.keys[at-1] > e.key {
			x.keys[at], x.vals[at] = x.keys[at-1], x.vals[at-1]
			at--
		}
		x.keys[at], x.vals[at] = e.key, e.val
		next[b]++
	}
	return x
}

// bit is the place of a hash among the bits: sixteen for each bucket.
func (x *index) bit(key hash) hash { return key >> (x.shift - 4) & hash(len(x.seen)<<6-1) }

// find gives what stands under a hash.
func (x *index) find(key hash) []int32 {
	if bit := x.bit(key); x.seen[bit>>6]&(1<<(bit&63)) == 0 {
		return nil
	}
	lo, hi := x.start[key>>x.shift], x.start[key>>x.shift+1]
	for lo < hi && x.keys[lo] < key {
		lo++
	}
	end := lo
	for end < hi && x.keys[end] == key {
		end++
	}
	return x.vals[lo:end]
}

// hash is FNV-1a with a last turn that spreads it over the first bits.
type hash uint64

// The seeds keep kinds of things apart.
const (
	byCompact hash = 14695981039346656037 + iota // a number without its separators, look-alikes made one
	byGroups                                     // a number by its groups, without leading zeros
	byShape                                      // letters and lengths of a number
	bySIREN
	byIBAN
	byCode
	byName  // the words of a name, sorted
	byWord  // one word of a name
	byStart // the first letters of a name
	byTotal // an amount
	byItem
)

func (h hash) add(c byte) hash { return (h ^ hash(c)) * 1099511628211 }

func (h hash) text(s string) hash {
	for i := 0; i < len(s); i++ {
		h = h.add(s[i])
	}
	return h
}

func (h hash) end() hash {
	h ^= h >> 32
	h *= 0x9E3779B97F4A7C15
	return h ^ h>>29
}

func (h hash) int(n int64) hash {
	for range 8 {
		h, n = h.add(byte(n)), n>>8
	}
	return h
}
