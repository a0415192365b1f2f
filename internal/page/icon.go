package page

import "html/template"

// icons are drawn on a grid of 16, with one stroke.
var icons = map[string]string{
	"today":      `<path d="M3 4.5h10v9H3z"/><path d="M3 7h10M5.5 2.5v3M10.5 2.5v3"/><path d="M6 10.2l1.4 1.3 2.6-2.6"/>`,
	"people":     `<circle cx="6" cy="5.5" r="2.5"/><path d="M1.5 13c.4-2.4 2.2-3.7 4.5-3.7s4.1 1.3 4.5 3.7"/><path d="M10.5 3.2a2.4 2.4 0 010 4.6M12 9.7c1.5.5 2.3 1.6 2.5 3.3"/>`,
	"invoice":    `<path d="M4 1.8h6l2.5 2.5v9.9H4z"/><path d="M9.7 2v2.7h2.6M6 7.5h4.5M6 10h4.5"/>`,
	"outbox":     `<path d="M1.8 8.3L14 2.3l-3.8 11.5-2.9-4.6z"/><path d="M14 2.3L7.3 9.2"/>`,
	"aging":      `<path d="M2 13.5h12"/><path d="M3.5 11V7.5M6.5 11V4.5M9.5 11V6.3M12.5 11V9"/>`,
	"scenario":   `<path d="M1.5 8h13"/><circle cx="4" cy="8" r="1.7"/><circle cx="9" cy="8" r="1.7"/><path d="M13 6.3v3.4"/>`,
	"import":     `<path d="M8 2v7.5M5 6.8L8 9.8l3-3"/><path d="M2.5 10.5v3h11v-3"/>`,
	"bank":       `<path d="M2 6l6-3.5L14 6z"/><path d="M3.5 8v3.5M6.5 8v3.5M9.5 8v3.5M12.5 8v3.5M2 13.5h12"/>`,
	"settings":   `<path d="M2 4.5h7M12.5 4.5H14M2 11.5h1.5M7 11.5h7"/><circle cx="10.7" cy="4.5" r="1.7"/><circle cx="5.2" cy="11.5" r="1.7"/>`,
	"search":     `<circle cx="7" cy="7" r="4.3"/><path d="M10.3 10.3L14 14"/>`,
	"mail":       `<path d="M2 3.8h12v8.4H2z"/><path d="M2.3 4.3L8 8.8l5.7-4.5"/>`,
	"letter":     `<path d="M3 2h10v12H3z"/><path d="M5.5 5h3M5.5 8h5M5.5 10.5h5"/>`,
	"registered": `<path d="M3 2h10v12H3z"/><path d="M5.5 5h5"/><circle cx="9.8" cy="10.3" r="1.8"/>`,
	"phone":      `<path d="M3.5 2.5h2.3l1 3-1.5 1.2a8 8 0 004 4l1.2-1.5 3 1v2.3c0 .6-.5 1-1 1C7 13.5 2.5 9 2.5 3.5c0-.500.4-1 1-1z"/>`,
	"check":      `<path d="M3 8.5l3.3 3.3L13 4.8"/>`,
	"clock":      `<circle cx="8" cy="8" r="5.8"/><path d="M8 4.8V8l2.3 1.5"/>`,
	"pause":      `<path d="M5.5 3.5v9M10.5 3.5v9"/>`,
	"late":       `<path d="M8 2.5l6 10.8H2z"/><path d="M8 6.5v3.3M8 11.4v.1"/>`,
	"soon":       `<circle cx="8" cy="8" r="5.5"/><path d="M8 2.5v11" /><path d="M8 2.5a5.5 5.5 0 010 11z" fill="currentColor" stroke="none"/>`,
	"warn":       `<circle cx="8" cy="8" r="5.8"/><path d="M8 4.8v3.9M8 11v.1"/>`,
	"info":       `<circle cx="8" cy="8" r="5.8"/><path d="M8 7.3V11M8 5v.1"/>`,
	"down":       `<path d="M4 6l4 4 4-4"/>`,
	"right":      `<path d="M6 3.5L10.5 8 6 12.5"/>`,
	"left":       `<path d="M10 3.5L5.5 8l4.5 4.5"/>`,
	"more":       `<path d="M3 8h.1M8 8h.1M13 8h.1" stroke-width="2.4"/>`,
	"file":       `<path d="M4 1.8h5l3 3v9.4H4z"/><path d="M8.8 2v3h3"/>`,
	"print":      `<path d="M4.5 6V2.3h7V6M4.5 11H2.5V6h11v5h-2"/><path d="M4.5 9.3h7v4.4h-7z"/>`,
	"money":      `<path d="M1.8 4h12.4v8H1.8z"/><circle cx="8" cy="8" r="1.8"/><path d="M4 6.2v.1M12 9.7v.1"/>`,
	"user":       `<circle cx="8" cy="5.3" r="2.8"/><path d="M2.8 14c.5-2.9 2.5-4.4 5.2-4.4s4.7 1.5 5.2 4.4"/>`,
	"reply":      `<path d="M6.5 3.5L2.5 7.3l4 3.9"/><path d="M2.8 7.3h6.4c2.6 0 4.3 1.7 4.3 4.9"/>`,
	"scale":      `<path d="M8 2.3v11M4.5 13.5h7M3 4.3h10"/><path d="M1.5 9.3L3 4.5l1.5 4.8zM11.5 9.3L13 4.5l1.5 4.8z"/>`,
	"inbox":      `<path d="M2 9.3L4 3h8l2 6.3v4H2z"/><path d="M2 9.3h3.5L6.7 11h2.6l1.2-1.7H14"/>`,
	"undo":       `<path d="M5 3L2 6l3 3"/><path d="M2.3 6H9.5a4 4 0 010 8H6"/>`,
	"task":       `<path d="M2.5 2.5h11v11h-11z"/><path d="M5 8.2l2 2 4-4.3"/>`,
	"tag":        `<path d="M2.5 2.5H8l5.7 5.7-5.5 5.5L2.5 8z"/><path d="M5.3 5.3v.1"/>`,
	"flag":       `<path d="M3.5 14V2.5h8.8L10.3 5.8l2 3.2H3.5"/>`,
	"edit":       `<path d="M3 13l.6-3L11 2.6 13.4 5 6 12.4z"/>`,
	"link":       `<path d="M6 3H3v10h10v-3M9 3h4v4M13 3L7.5 8.5"/>`,
}

// icon draws one of the icons; it says nothing to those who do not see it.
func icon(name string) template.HTML {
	return template.HTML(`<svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">` + icons[name] + `</svg>`)
}
