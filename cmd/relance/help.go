package main

// The pages of the manual, one a command: what it does beyond its first line, and how people use it.

// Help implements kong's detailed help.
func (initCmd) Help() string {
	return `Without flags, and with a person at the terminal, it asks what it needs. The first
user is an administrator; trial messages go to that address. A database that does
not exist is created; a second "init" on the same database adds a company.

    relance init --name 'Atelier Vasseur' --email claire@vasseur.fr
    RELANCE_PASSWORD=… relance init --name 'Atelier Vasseur' --email claire@vasseur.fr --iban FR76… --siren 732829320
    relance --db postgres://relance@db/relance init --name 'Groupe Vasseur' --code GROUPE`
}

// Help implements kong's detailed help.
func (planCmd) Help() string {
	return `Four lists: messages that leave on the day, each with its items, its sum and the
gates that would keep it in; tasks for people; items on hold, by whom and until
when; items whose next step comes later, with the day and the rule. On a day that
is not worked nothing leaves. "run" on the same day creates exactly these messages.

    relance plan
    relance plan --date 2026-12-01 --json | jq '.messages[] | [.customer, .step, .total]'`
}

// Help implements kong's detailed help.
func (simulateCmd) Help() string {
	return `Each day, as if every planned step had left and nothing but the recorded facts
came in: how many messages, for how much, and what the letters would cost to post.

    relance simulate --from 2026-12-01 --to 2026-12-31
    relance simulate --from 2026-12-01 --to 2027-02-28 --on 2026-12-07,2027-01-04,2027-02-01 --json`
}

// Help implements kong's detailed help.
func (runCmd) Help() string {
	return `Safe to run as often as you like: a second run of a day adds nothing, and a missed
day is caught up, step by step, never two for one item on a day. Automatic messages
leave inside the sending window; the others wait in the outbox for a person.
"relance serve" does this by itself; from cron:

    30 8 * * 1-5  relance run

A day after today needs --allow-future; a day before today is decided as it stood,
with everything that was recorded since counting as done.`
}

// Help implements kong's detailed help.
func (outboxCmd) Help() string {
	return `A message is proposed, approved, sending, then sent; or skipped by a person, void
because the situation changed, failed for good, or uncertain: cut between the mail
server's acceptance and the record, it is settled by a person and never sent again
in silence. Above the ceiling of its scenario a second person approves.

    relance outbox                                    what waits
    relance outbox show 3001                          the exact mail; -o letter.pdf for a letter
    relance outbox approve 3001 3002                  or --all
    relance outbox skip 3001 --reason 'called them'
    relance outbox print -o letters.pdf               letters to post, and their list
    relance outbox posted 3005 --number '3005=1A 234 567 8901 2'
    relance outbox letter 3005 delivered --on 2026-12-02 --proof receipt.jpg`
}

// Help implements kong's detailed help.
func (whyCmd) Help() string {
	return `For each instalment: the steps behind it, its level, what comes next and when, by
which rule of which version of its scenario; or what blocks it, who decided so, and
until when.

    relance why F-2026-118`
}

// Help implements kong's detailed help.
func (goLiveCmd) Help() string {
	return `A new company is in trial mode: every message goes to its own mailbox under a
banner. Without --yes this command shows what would leave today, to whom and for how
much. Steps that only reached the trial mailbox are taken back: no debtor has seen
them.`
}

// Help implements kong's detailed help.
func (scenarioCmd) Help() string {
	return `A scenario is the ordered plan a customer follows. Each import of a file makes a new
version: items that have started keep theirs until "move". A customer follows its own
choice, else the first matching line of the assignment table, else the default.

    relance scenario export standard -o mine.yaml
    relance scenario check mine.yaml
    relance scenario import mine.yaml
    relance scenario assign C001 'key-account'`
}

// Help implements kong's detailed help.
func (letterCmd) Help() string {
	return `The message of a step as it would be written today, whether its day has come or
not: the subject and text on the standard output, the letter with -o. Nothing is
queued. For a formal notice it says what is still missing (title, amounts, order to
pay by a date, means of payment, signature…).

    relance letter F-2026-118 --step reminder-2
    relance letter F-2026-118 --step formal-notice -o mise-en-demeure.pdf`
}

// Help implements kong's detailed help.
func (holdCmd) Help() string {
	return `A hold has a reason, an owner and an end: it blocks on that day and frees on the
next. What waits to leave is void at once; lifting a hold resumes without a burst.

    relance hold add --invoice F-2026-118 --reason document --until 2026-12-10 --why 'wants the delivery note'
    relance hold add --customer C001 --reason pause
    relance hold end 4021`
}

// Help implements kong's detailed help.
func (mailAccountAdd) Help() string {
	return `The password is best given by RELANCE_SMTP_PASSWORD; it is stored encrypted, with a
key kept beside the data (or given by RELANCE_KEY). The first account is the default;
others may serve the customers of some collectors.

    RELANCE_SMTP_PASSWORD=… relance mail-account add --host smtp.example.fr --user compta@example.fr --from compta@example.fr
    relance mail-account test`
}

// Help implements kong's detailed help.
func (serveCmd) Help() string {
	return `The desk for people and, in the background, the days: it decides each company's day
from six in the morning, sends what is approved inside the sending window, and catches
up what a stop has missed. On PostgreSQL any number of processes may serve.

    relance serve
    relance serve --listen 0.0.0.0:8080 --secure      behind a proxy that speaks HTTPS`
}

// Help implements kong's detailed help.
func (completionCmd) Help() string {
	return `    source <(relance completion bash)
    relance completion fish > ~/.config/fish/completions/relance.fish`
}

// Help implements kong's detailed help.
func (backupCmd) Help() string {
	return `Everything as it stands at one instant, while others go on working: a zip of lines of
JSON and of the documents, the same for SQLite and PostgreSQL. Sessions are not in it,
nor the key of the mail passwords: keep that apart. A file that is there is not replaced.

    relance backup friday.zip
    relance backup /srv/backups --keep 30                       relance-2026-11-25T1830Z.zip, the last 30 stay
    relance backup friday.zip.age --recipient age1…             only the holder of that age key opens it
    relance backup friday.zip.age --passphrase`
}

// Help implements kong's detailed help.
func (restoreCmd) Help() string {
	return `The database must hold no company. All of the backup comes in, or nothing: each part is
checked against its digest and every journal from its first fact. A backup of an older
version comes in as it was written, then is brought up to date. If the program is killed
meanwhile, the database says so to whoever opens it, and the restore is begun again.

    relance restore --check friday.zip                          a test of the backup; touches nothing
    relance --db sqlite:new.db restore friday.zip
    relance --db postgres://relance@db/relance restore friday.zip.age --identity key.txt`
}

// Help implements kong's detailed help.
func (moveCmd) Help() string {
	return `Everything goes to a database that holds no company, of either kind, is read back there and
compared: rows, documents, journals. Nobody changes anything meanwhile; then this database
is closed, and a "serve" that still runs on it ends within a minute. A message that was
being handed over is uncertain there, for a person to settle, and is never sent again.

    relance move --to postgres://relance@db/relance
    relance --db postgres://relance@db/relance move --to sqlite:relance.db
    relance move --undo                                         come back to this one`
}
