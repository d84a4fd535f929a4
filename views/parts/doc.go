// Package parts is the shared look of shop and desk: page layouts and the
// components that pages are made of. The language comes from the context
// (i18n.WithLang); texts given as arguments are already in that language.
// Nothing here needs a script to work, and nothing has inline style or script.
//
// Layouts
//
//	ShopLayout(Chrome) { … }     a customer's page: header, main, footer
//	DeskLayout(Chrome) { … }     a staff page: sticky bar, main, palette, list of keys
//	PageHead(title) { actions }  the h1 (id "heading") and the page's actions
//	BasketCount(n)               fragment: the number beside the basket, id "basket-count"
//
// Answers to htmx that belong to no place on the page (409, 403 …) are sent with
// HX-Retarget: #notices. 5xx answers are never swapped: app.js says so in words.
//
// Orders
//
//	Badge(state)                 state of an order: word, shape, colour
//	TimeLeftBadge(TimeLeft)      working time left, counted down in place
//	Timeline() { Moment(…) }     what happened, newest first
//	Code(text)                   codes, cards, IBANs, phones: Latin, left to right
//	Tag() { word }               a small neutral word
//
// Forms: every POST form has CSRF(token); htmx sends the header by itself
//
//	Input(Field, kind)           one line; kind decides keyboard and direction
//	TextArea, Select, Radios, Checks, Check, Password
//	Amount(Field, currencyName, currency, currencies)
//	Date(Field, Jalali|Gregorian)
//	FileDrop(Field, FileLimits)  choose, drop or paste, with a preview
//	ErrorSummary(fields)         above a refused form; takes the focus
//	LabelledErrorSummary(fields, label)  the same, naming each field
//	ErrorFor(ctx, fields, name)  the words for Field.Error
//	Button(ButtonOptions) { words }   one Primary a page; Key is its shortcut
//
// A page with classes that no other has needs the style sheet built again:
// npm run build in static/src.
//
// Class "form" spaces fields, "form-row" puts two abreast, "form-actions" holds the buttons.
//
// Content
//
//	Card(title) { … }, CardLink(href) { … }, Tile(href, value, label) in class "tiles"
//	Table(caption, columns) { rows }   RowsTable(id, caption, columns) { rows with ids }, walked by keys
//	Pages(first, next)           keyset paging
//	Tabs(label, items)           views of one thing
//	Facts() { Fact(label) { value } }
//	Notice(kind, title) { … }    stays until the page changes
//	Empty(icon, title, text) { what to do next }
//	Skeleton(rows)               shown after 200 ms of waiting
//	Copy(text), CopyFrom(selector, attrs), Masked(id, secret)
//	Dialog(id, title) { … }, Confirm(Confirmation) { … }; opened by data-open="#id",
//	                             and kept outside regions that are swapped
//	Icon(name), Key(cap)
//
// Classes of app.css for pages: wrap, wrap-wide, wrap-narrow, stack, cluster,
// with-aside (content and a 22rem aside), sticky-actions, far-end, pill, meta,
// link, num, code, ltr, is-compact and is-taken for tables; besides Tailwind's
// with the colours surface, page, sunken, ink, muted, line, primary, danger.
//
// Attributes that app.js knows
//
//	data-key="KeyN"              this key presses the element ("Mod+KeyK", "Shift+Slash")
//	data-primary                 Control+Enter presses it
//	data-palette                 the palette lists it, as it does all with data-key
//	data-open="#id", data-close  open and close a dialog
//	data-focus                   takes the focus when it arrives
//	data-hide-after="60"         its content leaves the page; <template data-after> takes its place
//	data-js hidden               shown only where scripts run
//	data-autosubmit              a form that sends itself
//	data-rows                    a tbody whose rows are walked by keys
package parts
