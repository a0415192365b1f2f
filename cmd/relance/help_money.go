package main

// The pages of the manual for money in and for what debtors answer.

// Help implements kong's detailed help.
func (bankCmd) Help() string {
	return `A line of a statement that pays an invoice beyond doubt is allocated when it comes in.
The others await you, each with its readings, the likeliest first, and why. What is
applied can be taken back: its invoices stand again where they stood.

    relance bank                                       what awaits an answer
    relance bank apply 3004 --proposal 1
    relance bank apply 3004 --customer C001 --invoice F-118=500,00 --invoice F-120
    relance bank apply 3004 --customer C001 --on-account
    relance bank aside 3005 --why 'VAT refund'
    relance bank show 3006                             of money out: what it may take back
    relance bank returned 3006 --payment 2011
    relance bank reopen 3004`
}

// Help implements kong's detailed help.
func (paymentCmd) Help() string {
	return `Money that no statement tells: a cheque, cash, a transfer seen elsewhere. When the
statement comes, its line is recognised as the payment that is known. Without
--invoice the law shares it (C. civ. 1342-10); what no debt takes stays the
customer's credit.

    relance payment add --customer C001 --amount '1 100,00' --method cheque --reference 1234567
    relance payment add --amount 600 --invoice F-118=500 --invoice F-120=100
    relance payment returned 2011 --date 2026-11-23 --reason 'sans provision'
    relance payment list --customer C001`
}

// Help implements kong's detailed help.
func (promiseAdd) Help() string {
	return `Reminders wait for a promise, and three working days more. Kept, it is closed; kept at
80 % it asks for a call; broken, the reminders go on one step further. --monthly,
--accelerate and --waive-interest make a plan: each of its dates is told before it comes.

    relance promise add --invoice F-118 --on 2026-12-10 --amount 600
    relance promise add --customer C001 --part 2026-12-01=100,50 --part 2027-01-04=200 --plan
    relance promise add --customer C001 --monthly 6 --from 2026-12-31 --accelerate`
}

// Help implements kong's detailed help.
func (disputeCmd) Help() string {
	return `The contested part is held, the rest stays chased, interest runs on. A credit note or a
payment of it closes the dispute by itself. What it was about is kept, so that the
next ones can be prevented.

    relance dispute open F-118 --amount 400 --category price --why 'line 3'
    relance dispute ask F-118 'Is the price of line 3 right?' --to Lucie --email lucie@example.fr
    relance dispute close F-118 --outcome accepted --cause price
    relance dispute causes --from 2026-01-01`
}

// Help implements kong's detailed help.
func (callCmd) Help() string {
	return `The result acts: a promise or a dispute is recorded, "already-paid" holds until the
payment shows, "call-back" sets the day, "wrong-number" asks for another.

    relance call sheet C001
    relance call record C001 --result promise --with 'Mme Roy' --on 2026-12-10 --confirm
    relance call record --task 4021 --result no-answer`
}

// Help implements kong's detailed help.
func (insolvencyCmd) Help() string {
	return `What was owed before the opening judgment is frozen (C. com. L622-21) and its claim is to
be declared within two months of the publication (R622-24), four from abroad. What is
born after the judgment stays due, and is asked from the administrator.

    relance insolvency open C001 --kind redressement --judgment 2026-11-10 --mandatary 'Me Le Bris'
    relance insolvency publish C001 2026-11-18
    relance insolvency declare C001`
}
