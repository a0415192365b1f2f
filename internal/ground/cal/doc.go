// Package cal knows civil time: dates without hours or zones, payment terms, working days,
// French public holidays and legal deadlines (CPC 640–642). It has no clock: "today" is always
// an argument.
package cal
