package table

// marks says how much a found field speaks for a kind of table.
var marks = map[Kind]map[string]int{
	Invoices: {"due": 4, "number": 2, "issued": 1, "open": 3, "kind": 1, "amount": 2, "net": 2, "quantity": 2, "unit_price": 2,
		"paid": 1, "status": 1, "customer": 1, "customer_name": 1, "debit": 2, "credit": 1, "last_level": 3, "settled_on": 1, "received": 1},
	Customers: {"siren": 3, "siret": 3, "vat": 3, "legal_name": 1, "address": 3, "postcode": 2, "city": 2, "terms": 2, "language": 2,
		"limit": 3, "code": 1, "name": 2, "kind": 1, "email": 1, "phone": 1, "scenario": 3, "collector": 2, "parent": 1},
	Contacts: {"role": 3, "email": 3, "phone": 1, "mobile": 1, "first_name": 3, "name": 2, "customer": 1},
	Payments: {"date": 2, "amount": 2, "method": 4, "invoice": 3, "customer": 1, "customer_name": 1, "reference": 1, "credit": 1},
	Bank: {"date": 2, "value_date": 4, "label": 3, "amount": 2, "debit": 2, "credit": 2, "balance": 3, "name": 1, "iban": 4, "bic": 2,
		"reference": 1, "bank_ref": 2, "side": 2, "account": 1},
}

// Guess says what kind of table a sheet most likely is: the kind whose fields are most found,
// each title counting for the kind that it fits best.
func Guess(s *Sheet) Kind {
	seen := s.profiles()
	best, chosen := -1, Invoices
	for _, kind := range Kinds {
		score := 0
		used := map[string]bool{}
		col := map[int]bool{}
		for _, p := range pairs(s, kind, seen) {
			if used[p.field] || col[p.col] {
				continue
			}
			used[p.field], col[p.col] = true, true
			score += marks[kind][p.field] * 10
			if p.score == scoreCanonical {
				score += 10
			}
		}
		score -= missing(kind, used)
		if kind == Bank {
			score -= s.unlikeBank(used, seen)
		}
		if score > best {
			best, chosen = score, kind
		}
	}
	return chosen
}

// missing is what a kind loses for lack of what makes it.
func missing(kind Kind, used map[string]bool) (n int) {
	either := func(fields ...string) {
		for _, f := range fields {
			if used[f] {
				return
			}
		}
		n += 60
	}
	switch kind {
	case Invoices:
		either("amount", "open", "net", "debit", "line_total", "unit_price")
		either("due", "number", "issued", "reference")
	case Customers:
		either("name", "legal_name")
	case Contacts:
		either("email", "phone", "mobile")
		either("role", "first_name", "name")
	case Payments:
		either("amount", "credit")
		either("date")
		if !used["method"] && !used["invoice"] {
			n += 20
		}
	case Bank:
		either("amount", "credit", "debit")
		either("date")
		either("label", "name")
	}
	return n
}
