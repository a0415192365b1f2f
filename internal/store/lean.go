package store

import "reflect"

// lean leaves out of rows about to be written the columns in which every row has the schema's own
// default: most invoices of a file say nothing in half of them, and binding a value costs as much
// as keeping it.
func lean(columns []string, rows [][]any, defaults map[string]any) ([]string, [][]any) {
	if len(rows) < 16 {
		return columns, rows
	}
	var keep []int
	for i, c := range columns {
		def, has := defaults[c]
		if !has {
			keep = append(keep, i)
			continue
		}
		for _, r := range rows {
			if !sameValue(r[i], def) {
				keep = append(keep, i)
				break
			}
		}
	}
	if len(keep) == len(columns) {
		return columns, rows
	}
	names := make([]string, len(keep))
	for n, i := range keep {
		names[n] = columns[i]
	}
	out := make([][]any, len(rows))
	flat := make([]any, len(rows)*len(keep))
	for j, r := range rows {
		out[j], flat = flat[:len(keep)], flat[len(keep):]
		for n, i := range keep {
			out[j][n] = r[i]
		}
	}
	return names, out
}

// sameValue compares with a default of the schema: "" or an integer.
func sameValue(v, def any) bool {
	switch d := def.(type) {
	case string:
		s, ok := v.(string)
		return ok && s == d
	case int64:
		r := reflect.ValueOf(v)
		return r.CanInt() && r.Int() == d
	}
	return false
}

// The defaults of the schema's columns that a file most often says nothing of.
var invoiceDefaults = map[string]any{"received": "", "delivered": "", "prepaid": int64(0), "reference": "", "order_no": "",
	"payment_method": "", "maturity": "", "pay_url": "", "tags": "", "assigned_to": "", "pay_to": "", "original": "",
	"file_name": "", "parts": int64(1), "asserted": int64(0)}

var messageDefaults = map[string]any{"copy_of": int64(0), "account": int64(0), "needs_second": int64(0), "recipients": "", "subject": "",
	"body": "", "approved_by": "", "second_by": "", "reason": "", "attempts": int64(0), "next_try": int64(0), "sent_on": "",
	"sent_at": int64(0), "reply": "", "sha256": "", "post_state": "", "post_number": "", "post_on": "", "effective_on": "",
	"proof": "", "trial": int64(0), "waits_for": "", "approved_user": int64(0)}

var itemDefaults = map[string]any{"sign": int64(1), "closed": int64(0), "paid_on": ""}

var customerDefaults = map[string]any{"kind": "UNKNOWN", "kind_confirmed": int64(0), "kind_proposed": "", "siren": "", "siret": "",
	"vat": "", "legal_name": "", "address": "", "postcode": "", "city": "", "country": "", "registered_address": "",
	"language": "", "scenario": "", "terms": "", "terms_confirmed": int64(0), "payment_method": "", "parent": "", "payer": "",
	"collector": "", "salesperson": "", "credit_limit": int64(0), "tags": "", "email": "", "phone": "", "service_code": "",
	"intercompany": int64(0)}
