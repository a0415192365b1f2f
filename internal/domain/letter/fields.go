package letter

import (
	"strings"

	"relance/internal/domain/party"
	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
)

// field is one thing that a text may say.
type field[T any] struct {
	sort sort
	elem string // of a list: "item", "earlier", "deduction"
	get  func(*T) value
}

// fields is the closed set: what is not here cannot be written in a text.
var fields = map[string]field[Message]{
	"date":      {aDate, "", func(m *Message) value { return date(m.Date) }},
	"level":     {aNumber, "", func(m *Message) value { return number(m.Level) }},
	"insistent": {aBool, "", func(m *Message) value { return yes(m.Insistent) }},
	"is_letter": {aBool, "", func(m *Message) value { return yes(m.IsLetter) }},
	"count":     {aNumber, "", func(m *Message) value { return number(len(m.invoiceNumbers())) }},
	"numbers":   {aText, "", func(m *Message) value { return text(m.numbers()) }},
	"open":      {anAmount, "", func(m *Message) value { return amount(m.Open) }},
	"total":     {anAmount, "", func(m *Message) value { return amount(m.Total) }},
	"pay_by":    {aDate, "", func(m *Message) value { return date(m.PayBy) }},
	"due":       {aDate, "", func(m *Message) value { return date(m.firstDue()) }},
	"days_late": {aNumber, "", func(m *Message) value { return number(m.maxLate()) }},
	"reference": {aText, "", func(m *Message) value { return text(m.Reference) }},
	"pay_url":   {aText, "", func(m *Message) value { return text(m.PayURL) }},
	"page_url":  {aText, "", func(m *Message) value { return text(m.PageURL) }},

	"items":      {aList, "item", func(m *Message) value { return list(m.Items) }},
	"upcoming":   {aList, "item", func(m *Message) value { return list(m.Upcoming) }},
	"memo":       {aList, "item", func(m *Message) value { return list(m.Memo) }},
	"deductions": {aList, "deduction", func(m *Message) value { return list(m.Deductions) }},
	"earlier":    {aList, "earlier", func(m *Message) value { return list(m.reminders()) }},

	"company.name":    {aText, "", func(m *Message) value { return text(m.Sender.Name) }},
	"company.city":    {aText, "", func(m *Message) value { return text(m.Sender.Address.City) }},
	"company.phone":   {aText, "", func(m *Message) value { return text(m.Sender.Phone) }},
	"company.email":   {aText, "", func(m *Message) value { return text(m.Sender.Email) }},
	"signatory.name":  {aText, "", func(m *Message) value { return text(m.Sender.Signatory.Name) }},
	"signatory.title": {aText, "", func(m *Message) value { return text(m.Sender.Signatory.Title) }},
	"contact.name":    {aText, "", func(m *Message) value { return text(m.Sender.contact().Name) }},
	"contact.phone":   {aText, "", func(m *Message) value { return text(m.Sender.contact().Phone) }},
	"contact.email":   {aText, "", func(m *Message) value { return text(m.Sender.contact().Email) }},
	"mediator":        {aText, "", func(m *Message) value { return text(m.Sender.Mediator) }},

	"customer.name":         {aText, "", func(m *Message) value { return text(m.Recipient.Name) }},
	"customer.code":         {aText, "", func(m *Message) value { return text(m.Recipient.Code) }},
	"customer.siret":        {aText, "", func(m *Message) value { return text(siret(m.Recipient.SIRET)) }},
	"customer.service":      {aText, "", func(m *Message) value { return text(m.Recipient.ServiceCode) }},
	"customer.attention":    {aText, "", func(m *Message) value { return text(m.Recipient.Attention) }},
	"customer.orders":       {aText, "", func(m *Message) value { return text(m.orders()) }},
	"customer.professional": {aBool, "", func(m *Message) value { return yes(m.Recipient.Kind == party.Pro) }},
	"customer.public_enterprise": {aBool, "", func(m *Message) value {
		return yes(m.Recipient.Kind == party.PublicEnterprise)
	}},
	"customer.in_eu": {aBool, "", func(m *Message) value { return yes(m.Recipient.InEU) }},

	"penalties.amount":    {anAmount, "", func(m *Message) value { return amount(m.PenaltyAmount) }},
	"penalties.claimed":   {aBool, "", func(m *Message) value { return yes(m.Penalties == Claimed) }},
	"penalties.mentioned": {aBool, "", func(m *Message) value { return yes(m.Penalties == Mention) }},
	"penalties.rates":     {aText, "", func(m *Message) value { return text(m.rates()) }},
	"compensation.amount": {anAmount, "", func(m *Message) value { return amount(m.CompensationAmount) }},
	"compensation.count":  {aNumber, "", func(m *Message) value { return number(m.CompensationCount) }},
	"compensation.claimed": {aBool, "", func(m *Message) value {
		return yes(m.Compensation == Claimed)
	}},

	"registered":    {aText, "", func(m *Message) value { return text(m.Registered) }},
	"offer":         {aText, "", func(m *Message) value { return text(m.offer()) }},
	"offer_until":   {aDate, "", func(m *Message) value { return date(m.offerUntil()) }},
	"received":      {anAmount, "", func(m *Message) value { return amount(m.Facts.Received) }},
	"received_on":   {aDate, "", func(m *Message) value { return date(m.Facts.ReceivedOn) }},
	"notice_on":     {aDate, "", func(m *Message) value { return date(m.Facts.NoticeOn) }},
	"cheque":        {aText, "", func(m *Message) value { return text(m.Facts.Cheque) }},
	"reason":        {aText, "", func(m *Message) value { return text(m.Facts.Reason) }},
	"returned":      {aText, "", func(m *Message) value { return text(m.returned()) }},
	"called":        {aBool, "", func(m *Message) value { return yes(m.Facts.Called) }},
	"call_on":       {aDate, "", func(m *Message) value { return date(m.Facts.CallOn) }},
	"call_with":     {aText, "", func(m *Message) value { return text(m.Facts.CallWith) }},
	"promised":      {aBool, "", func(m *Message) value { return yes(m.Facts.Promised) }},
	"result":        {aText, "", func(m *Message) value { return text(m.Facts.Result) }},
	"total_words":   {aText, "", func(m *Message) value { return text(i18n.InWords(m.Lang, m.Total)) }},
	"accelerated":   {aBool, "", func(m *Message) value { return yes(m.Facts.Accelerated) }},
	"waived":        {aBool, "", func(m *Message) value { return yes(m.Facts.Waived) }},
	"company.siren": {aText, "", func(m *Message) value { return text(m.Sender.SIREN) }},
	"category":      {aText, "", func(m *Message) value { return text(m.Facts.Category) }},
	"owner":         {aText, "", func(m *Message) value { return text(m.Facts.Owner) }},
	"answer_by":     {aDate, "", func(m *Message) value { return date(m.Facts.AnswerBy) }},
	"document":      {aText, "", func(m *Message) value { return text(m.Facts.Document) }},
	"said":          {aText, "", func(m *Message) value { return text(m.Facts.Said) }},
	"agreed":        {aList, "agreed", func(m *Message) value { return list(m.Facts.Parts) }},
	"promise_on":    {aDate, "", func(m *Message) value { return date(m.Facts.PromiseOn) }},
	"promised_sum":  {anAmount, "", func(m *Message) value { return amount(m.Facts.PromiseAmount) }},
	"part_paid":     {anAmount, "", func(m *Message) value { return amount(m.Facts.PaidAmount) }},
	"part_paid_on":  {aDate, "", func(m *Message) value { return date(m.Facts.PaidOn) }},
	"joins_on":      {aDate, "", func(m *Message) value { return date(m.Facts.JoinsOn) }},
	"unanswered":    {aBool, "", func(m *Message) value { return yes(m.Unanswered()) }},
	"disputed":      {anAmount, "", func(m *Message) value { return amount(m.disputed()) }},

	// Sentences that only facts can write; each is empty when there is nothing to say.
	"sentence.earlier":      {aText, "", func(m *Message) value { return text(m.sayEarlier()) }},
	"sentence.part_payment": {aText, "", func(m *Message) value { return text(m.sayPartPayment()) }},
	"sentence.joins":        {aText, "", func(m *Message) value { return text(m.sayJoins()) }},
	"sentence.promise":      {aText, "", func(m *Message) value { return text(m.sayPromise()) }},
	"sentence.discount":     {aText, "", func(m *Message) value { return text(m.sayDiscount()) }},
	"sentence.disputed":     {aText, "", func(m *Message) value { return text(m.sayDisputed()) }},
	"sentence.contact":      {aText, "", func(m *Message) value { return text(m.sayContact()) }},
	"sentence.disregard":    {aText, "", func(m *Message) value { return text(m.sayDisregard()) }},
	"sentence.interest":     {aText, "", func(m *Message) value { return text(m.sayInterest()) }},
}

var itemFields = map[string]field[Item]{
	"number":    {aText, "", func(i *Item) value { return text(i.Number) }},
	"issued":    {aDate, "", func(i *Item) value { return date(i.Issued) }},
	"due":       {aDate, "", func(i *Item) value { return date(i.Due) }},
	"days_late": {aNumber, "", func(i *Item) value { return number(i.DaysLate) }},
	"amount":    {anAmount, "", func(i *Item) value { return amount(i.Amount) }},
	"paid":      {anAmount, "", func(i *Item) value { return amount(i.Paid) }},
	"open":      {anAmount, "", func(i *Item) value { return amount(i.Open) }},
	"disputed":  {anAmount, "", func(i *Item) value { return amount(i.Disputed) }},
	"level":     {aNumber, "", func(i *Item) value { return number(i.Level) }},
	"advances":  {aBool, "", func(i *Item) value { return yes(i.Advances) }},
	"joins":     {aBool, "", func(i *Item) value { return yes(i.Joins) }},
	"reference": {aText, "", func(i *Item) value { return text(i.Reference) }},
	"order":     {aText, "", func(i *Item) value { return text(i.Order) }},
}

var earlierFields = map[string]field[Earlier]{
	"date":       {aDate, "", func(e *Earlier) value { return date(e.Date) }},
	"level":      {aNumber, "", func(e *Earlier) value { return number(e.Level) }},
	"channel":    {aText, "", func(e *Earlier) value { return text(e.Channel) }},
	"registered": {aText, "", func(e *Earlier) value { return text(e.Registered) }},
}

var deductionFields = map[string]field[Deduction]{
	"number":     {aText, "", func(d *Deduction) value { return text(d.Number) }},
	"date":       {aDate, "", func(d *Deduction) value { return date(d.Date) }},
	"amount":     {anAmount, "", func(d *Deduction) value { return amount(d.Amount) }},
	"is_payment": {aBool, "", func(d *Deduction) value { return yes(d.IsPayment) }},
}

var agreedFields = map[string]field[AgreedPart]{
	"due":    {aDate, "", func(p *AgreedPart) value { return date(p.Due) }},
	"amount": {anAmount, "", func(p *AgreedPart) value { return amount(p.Amount) }},
}

// sortOf finds a field's sort where dot is the message ("") or an element of a list.
func sortOf(elem, name string) (s sort, listOf string, ok bool) {
	switch elem {
	case "item":
		f, ok := itemFields[name]
		return f.sort, "", ok
	case "earlier":
		f, ok := earlierFields[name]
		return f.sort, "", ok
	case "deduction":
		f, ok := deductionFields[name]
		return f.sort, "", ok
	case "agreed":
		f, ok := agreedFields[name]
		return f.sort, "", ok
	}
	f, ok := fields[name]
	return f.sort, f.elem, ok
}

func get(dot any, name string) value {
	switch d := dot.(type) {
	case *Item:
		return itemFields[name].get(d)
	case *Earlier:
		return earlierFields[name].get(d)
	case *Deduction:
		return deductionFields[name].get(d)
	case *AgreedPart:
		return agreedFields[name].get(d)
	case *Message:
		return fields[name].get(d)
	}
	return value{}
}

// Field describes a field for the page where texts are edited.
type Field struct{ Name, Sort, Within string }

// Fields lists the closed set; Within names the list whose elements have the field, "" for the
// message itself. The order is not significant.
func Fields() []Field {
	var out []Field
	for n, f := range fields {
		out = append(out, Field{n, f.sort.String(), ""})
	}
	for n, f := range itemFields {
		out = append(out, Field{n, f.sort.String(), "items"})
	}
	for n, f := range earlierFields {
		out = append(out, Field{n, f.sort.String(), "earlier"})
	}
	for n, f := range deductionFields {
		out = append(out, Field{n, f.sort.String(), "deductions"})
	}
	for n, f := range agreedFields {
		out = append(out, Field{n, f.sort.String(), "agreed"})
	}
	return out
}

// contact is whom to call: the person named, else the signatory at the firm's own number.
func (s *Sender) contact() Person {
	p := s.Contact
	if p.Name == "" {
		p.Name = s.Signatory.Name
	}
	if p.Phone == "" {
		p.Phone = s.Phone
	}
	if p.Email == "" {
		p.Email = s.Email
	}
	return p
}

// numbers names the invoices; a subject line asks for it when there is only one.
func (m *Message) numbers() string { return strings.Join(m.invoiceNumbers(), ", ") }

// invoiceNumbers lists the invoices once each: several instalments are one invoice.
func (m *Message) invoiceNumbers() []string {
	var out []string
	had := make(map[string]bool, len(m.Items))
	for i := range m.Items {
		if n := m.Items[i].Number; !had[n] {
			had[n] = true
			out = append(out, n)
		}
	}
	return out
}

func (m *Message) orders() string {
	var out []string
	had := map[string]bool{"": true}
	for i := range m.Items {
		if o := m.Items[i].Order; !had[o] {
			had[o] = true
			out = append(out, o)
		}
	}
	return strings.Join(out, ", ")
}

func (m *Message) disputed() money.Amount {
	sum := money.Of(0, m.Currency)
	for i := range m.Items {
		sum.Minor += m.Items[i].Disputed.Minor
	}
	return sum
}

func (m *Message) offer() string {
	if m.Offer == nil {
		return ""
	}
	return m.Offer.Text
}
