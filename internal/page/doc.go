// Package page is the HTML kit: the template engine, the base page, the partials, the functions
// that templates call, the style sheet, the font and one small script.
//
// It knows how a page is written in each language and how amounts, dates and drawings look. It
// refuses to know what a page is about: the doors bring their own templates and fill a Frame. A
// page works without the script, carries no style or script of its own (the doors' content
// security policy allows none) and says everything through the catalogue of ground/i18n.
//
// The main types are Engine, Frame and Form. The font is Inter, under the SIL Open Font License
// (static/inter-LICENSE.txt).
package page
