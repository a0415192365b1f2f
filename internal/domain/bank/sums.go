package bank

import "slices"

// Bounds of the search for items whose sum is an amount.
const (
	maxTogether = 20 // items looked at, those due nearest the payment first
	maxFound    = 6  // combinations kept
	maxItems    = 5000
)

// combos finds sets of two or more items whose rests sum up to an amount: all of two and three, and
// only when there are none, larger ones. Items are at most maxTogether; sets come in the order of the items.
func combos(items []int32, rest func(int32) int64, amount int64) (found [][]int32) {
	n := len(items)
	for i := 0; i < n; i++ {
		for j := i + 1; j < n; j++ {
			two := rest(items[i]) + rest(items[j])
			if two == amount && len(found) < maxFound {
				found = append(found, []int32{items[i], items[j]})
			}
			for k := j + 1; k < n; k++ {
				if two+rest(items[k]) == amount && len(found) < maxFound {
					found = append(found, []int32{items[i], items[j], items[k]})
				}
			}
		}
	}
	if len(found) > 0 || n < 4 {
		slices.SortStableFunc(found, func(a, b []int32) int { return len(a) - len(b) })
		return found
	}
	return halves(items, rest, amount)
}

// subset is a set of items as bits, and its sum.
type subset struct {
	sum  int64
	bits uint32
}

// halves cuts the items in two, lists the sums of each half in order, and meets them in the middle:
// a thousand sums instead of a million.
func halves(items []int32, rest func(int32) int64, amount int64) (found [][]int32) {
	mid := len(items) / 2
	low, high := subsets(items, rest, 0, mid), subsets(items, rest, mid, len(items))
	j := len(high) - 1
	for i := 0; i < len(low) && j >= 0; i++ {
		for j >= 0 && low[i].sum+high[j].sum > amount {
			j--
		}
		for k := j; k >= 0 && low[i].sum+high[k].sum == amount && len(found) < maxFound; k-- {
			if set := pick(items, low[i].bits|high[k].bits); len(set) > 1 {
				found = append(found, set)
			}
		}
	}
	slices.SortFunc(found, func(a, b []int32) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return slices.Compare(a, b)
	})
	return found
}

// subsets lists the sums of some of the items in order: each item merges the list with itself plus the item.
func subsets(items []int32, rest func(int32) int64, from, to int) []subset {
	list := []subset{{}}
	for i := from; i < to; i++ {
		r := rest(items[i])
		more := make([]subset, len(list))
		for k, s := range list {
			more[k] = subset{s.sum + r, s.bits | 1<<i}
		}
		merged := make([]subset, 0, 2*len(list))
		for len(list) > 0 && len(more) > 0 {
			if list[0].sum <= more[0].sum {
				merged, list = append(merged, list[0]), list[1:]
			} else {
				merged, more = append(merged, more[0]), more[1:]
			}
		}
		list = append(append(merged, list...), more...)
	}
	return list
}

func pick(items []int32, bits uint32) (set []int32) {
	for i, it := range items {
		if bits&(1<<i) != 0 {
			set = append(set, it)
		}
	}
	return set
}
