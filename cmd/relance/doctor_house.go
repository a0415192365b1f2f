package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"relance/internal/app"
	"relance/internal/domain/rate"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/store"
)

// From when on doctor says that something is late.
const (
	queueLate  = time.Hour
	backupLate = 7 * 24 * time.Hour
	clockOff   = 5 * time.Second
	clockWrong = 5 * time.Minute // a sign-in code, a signed link and a lease no longer agree
	ratesAhead = 30              // days before a half-year whose rates are missing
)

// vitals looks at the background work, at what a person must settle, and at the last backup.
func (x *examination) vitals(a *app.App) {
	c := x.c
	v, err := a.Vitals(c.ctx)
	if err != nil {
		x.look("queue", err, "")
		return
	}
	l, told := fine, c.t("cmd.doctor.queue", v.Jobs["ready"])
	switch age := clock().Sub(v.Oldest); {
	case v.Jobs["dead"] > 0:
		l, told = doubt, c.t("cmd.doctor.queue.dead", v.Jobs["dead"])
	case !v.Oldest.IsZero() && age > queueLate:
		l, told = doubt, c.t("cmd.doctor.queue.late", int(age.Hours()))
	}
	x.see("queue", l, told)
	l = fine
	if v.Uncertain > 0 {
		l = doubt
	}
	x.see("uncertain", l, c.t("cmd.doctor.uncertain", v.Uncertain))
	switch age := clock().Sub(v.Backup); {
	case v.Backup.IsZero():
		x.see("backup", doubt, c.t("cmd.doctor.backup.none"))
	case age > backupLate:
		x.see("backup", doubt, c.t("cmd.doctor.backup.late", dayOf(v.Backup), int(age.Hours()/24)))
	default:
		x.see("backup", fine, c.t("cmd.doctor.backup", dayOf(v.Backup)))
	}
}

func dayOf(at time.Time) cal.Date {
	y, m, d := at.Local().Date()
	return cal.Of(y, m, d)
}

// clock looks whether the clocks agree: this machine's, the database's, and what was written. What
// was written after now was written by another clock, or this one went back.
func (x *examination) clock(d *app.Desk) {
	c := x.c
	k, err := d.Clocks(c.ctx)
	if err != nil {
		x.look("clock", err, "")
		return
	}
	l, told := clockLevel(k)
	switch told {
	case "behind":
		x.see("clock", l, c.t("cmd.doctor.clock.behind", k.Written.Sub(k.Machine).Round(time.Second).String()))
	case "apart":
		x.see("clock", l, c.t("cmd.doctor.clock.apart", k.Database.Sub(k.Machine).Abs().Round(time.Millisecond).String()))
	default:
		x.see("clock", l, c.t("cmd.doctor.clock"))
	}
}

// clockLevel judges the clocks, and says in a word what is the matter.
func clockLevel(k app.Clocks) (level, string) {
	apart := k.Database.Sub(k.Machine).Abs()
	switch {
	case k.Written.Sub(k.Machine) > clockWrong:
		return broken, "behind"
	case apart > clockWrong:
		return broken, "apart"
	case k.Written.Sub(k.Machine) > clockOff:
		return doubt, "behind"
	case apart > clockOff:
		return doubt, "apart"
	}
	return fine, ""
}

// rates looks whether penalties can be computed on the day, and soon.
func (x *examination) rates(day cal.Date) {
	c, s := x.c, cal.SemesterOf(day)
	err := loadedRates(s)
	if err != nil || s.End()-day > ratesAhead || loadedRates(s+1) == nil {
		x.look("rates", err, c.t("cmd.doctor.rates", s.String()))
		return
	}
	x.see("rates", doubt, c.t("cmd.doctor.rates.soon", s.String(), (s+1).String(), (s+1).Start()))
}

func loadedRates(s cal.Semester) error {
	if _, err := rate.Legal().ECB(s); err != nil {
		return err
	}
	_, err := rate.Legal().LegalRate(s)
	return err
}

// disk looks at the room beside the database: a backup and a migration need as much again.
func (x *examination) disk(url string) {
	c := x.c
	folder, err := dataFolder()
	var size uint64
	if kind, path, e := store.ParseURL(url); e == nil && kind == store.SQLite {
		folder = filepath.Dir(path)
		for _, f := range []string{path, path + "-wal", store.FilesPath(path), store.FilesPath(path) + "-wal"} {
			if info, err := os.Stat(f); err == nil {
				size += uint64(info.Size())
			}
		}
	}
	if err != nil {
		x.look("disk", err, "")
		return
	}
	for folder != filepath.Dir(folder) {
		if _, err := os.Stat(folder); err == nil {
			break
		}
		folder = filepath.Dir(folder) // not made yet: it will be made there
	}
	free, ok := freeSpace(folder)
	if !ok {
		x.see("disk", unknown, c.t("cmd.doctor.disk.unknown", folder))
		return
	}
	x.see("disk", diskLevel(free, size), c.t("cmd.doctor.disk", bytesOf(c.Lang, free), folder, bytesOf(c.Lang, size)))
}

// diskLevel: below 100 MB the next import may not fit; below twice the data, a backup beside them.
func diskLevel(free, size uint64) level {
	switch {
	case free < 100<<20:
		return broken
	case free < max(1<<30, 2*size):
		return doubt
	}
	return fine
}

// bytesOf writes a size for people, in megabytes or gigabytes.
func bytesOf(lang i18n.Lang, n uint64) string {
	unit := map[i18n.Lang]string{i18n.FR: "o", i18n.EN: "B"}[lang]
	if n < 10<<30 {
		return fmt.Sprintf("%d M%s", n>>20, unit)
	}
	return fmt.Sprintf("%d G%s", n>>30, unit)
}
