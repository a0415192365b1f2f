package main

import (
	"fmt"
	"io"

	"relance/internal/app"
	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/id"
)

// customerCmd groups the gestures on a customer.
type customerCmd struct {
	Qualify customerQualify `cmd:"" help:"Say what kind of debtor it is."`
	Terms   customerTerms   `cmd:"" help:"Confirm its payment terms: estimated due dates start to count."`
}

type customerQualify struct {
	Customer string     `arg:"" help:"Code of the customer."`
	Kind     party.Kind `arg:"" enum:"PRO,CONSUMER,PUBLIC,PUBLIC_HEALTH,PUBLIC_ENTERPRISE,NON_PRO,FOREIGN" help:"${enum}"`
}

// Run qualifies.
func (q customerQualify) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		if err := d.Qualify(c.ctx, q.Customer, q.Kind); err != nil {
			return err
		}
		return c.done("cmd.customer.qualified", q.Customer, string(q.Kind))
	})
}

type customerTerms struct {
	Customer string `arg:"" help:"Code of the customer."`
	Terms    string `arg:"" optional:"" help:"Terms (default: those it has)."`
}

// Run confirms terms.
func (q customerTerms) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		if err := d.ConfirmTerms(c.ctx, q.Customer, q.Terms); err != nil {
			return err
		}
		return c.done("cmd.customer.terms", q.Customer)
	})
}

// taskCmd groups what people have to do.
type taskCmd struct {
	List taskList `cmd:"" default:"1" help:"Calls, meetings, customers to qualify…"`
	Done taskDone `cmd:"" help:"A task was done, or will not be."`
}

type taskList struct{}

// taskShape is an open task as scripts read it.
type taskShape struct {
	ID           id.Task  `json:"id"`
	Customer     string   `json:"customer"`
	CustomerName string   `json:"customer_name"`
	Kind         string   `json:"kind"`
	Step         string   `json:"step"`
	Invoices     []string `json:"invoices"`
	Created      cal.Date `json:"created_on"`
	Expires      cal.Date `json:"expires_on"`
	Phone        string   `json:"phone,omitempty"`
	Why          string   `json:"why"`
}

// Run lists tasks.
func (taskList) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		list, err := d.Tasks(c.ctx)
		if err != nil {
			return err
		}
		doc := struct {
			Tasks []taskShape `json:"tasks"`
		}{[]taskShape{}}
		for _, t := range list {
			doc.Tasks = append(doc.Tasks, taskShape{t.ID, t.Customer.Code, t.Customer.Name, t.Kind, t.Step, append([]string{}, t.Invoices...),
				t.CreatedOn, t.ExpiresOn, t.Customer.Phone, t.Why})
		}
		return c.answer(doc, func(w io.Writer) {
			for _, t := range doc.Tasks {
				fmt.Fprintln(w, t.ID, c.taskKind(t.Kind), t.Customer, nameBeside(t.Customer, t.CustomerName), t.Why)
			}
		})
	})
}

type taskDone struct {
	ID     id.Task `arg:"" help:"Number of the task."`
	NotDo  bool    `name:"not-done" help:"It will not be done."`
	Result string  `help:"What came of it."`
}

// Run ends a task.
func (q taskDone) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		if err := d.EndTask(c.ctx, q.ID, !q.NotDo, q.Result); err != nil {
			return err
		}
		return c.done("cmd.task.done")
	})
}
