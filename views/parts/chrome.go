package parts

import (
	"context"
	"encoding/json"
	"slices"

	"pishkhan/internal/i18n"
)

// Addresses that the layouts link to. The routes of web answer at these.
const (
	ShopHome        = "/"
	ShopBasket      = "/basket"
	ShopTrack       = "/track"
	ShopOrders      = "/orders"
	ShopAccount     = "/account"
	ShopSignIn      = "/sign-in"     // GET: next
	ShopSignOut     = "/sign-out"    // POST
	ShopPreferences = "/preferences" // POST: lang or theme, back

	DeskHome        = "/desk"
	DeskSearch      = "/desk/search"      // GET: q
	DeskFind        = "/desk/find"        // GET: q; entries of the palette
	DeskSignOut     = "/desk/sign-out"    // POST
	DeskPreferences = "/desk/preferences" // POST: lang or theme, back
	DeskPresence    = "/desk/presence"    // POST: presence, back
	DeskKeys        = "/desk/keys"        // POST: keys_off
	DeskNotices     = "/desk/notices"     // POST ID/read: back
)

// CSRFField and CSRFHeader carry the session's token: forms send the field,
// htmx the header.
const (
	CSRFField  = "_csrf"
	CSRFHeader = "X-CSRF-Token"
)

// Chrome is what every page says about itself and its reader. The language
// is in the context.
type Chrome struct {
	Title    string // the page's own name; the brand is added to it
	Path     string // this page's path and query: where a change of language or theme comes back to
	CSRF     string // the session's token
	Theme    string // "light", "dark", or "" to follow the system
	Person   string // desk: name of who is signed in; "" for nobody
	Role     string // desk: the member's role in words
	Nav      []NavItem
	Basket   int    // shop: how many quotes the basket holds
	Signed   bool   // shop: a customer's account is open
	Live     string // desk: address of the page's event stream; "" for none
	KeysOff  bool   // desk: keys that work without Control are switched off
	Presence string // desk: "here", "break" or "away"; "" where it is not asked
	News     []News // desk: what happened to the reader's orders without them
	Failed   bool   // the page answers a form that was refused: its title says so first
}

// NavItem is one place to go to from the bar.
type NavItem struct {
	Label   string
	Href    string
	Icon    string // a name of Icon; "" for none
	Key     string // event.code of its shortcut ("KeyQ"); "" for none
	Current bool
	Count   int  // shown beside the label when above zero
	Counted bool // the count keeps its room: when it is another, nothing moves
	Capped  bool // there are more than Count
	Minor   bool // kept in the menu even where the bar is wide
}

// News is one thing that the reader has to know, until they say that they do.
type News struct {
	ID   int64 // 0: it passes by itself
	Text string
	Href string // of the order
}

// hasMinor reports whether the menu holds more than a wide bar shows.
func (c Chrome) hasMinor() bool {
	return slices.ContainsFunc(c.Nav, func(item NavItem) bool { return item.Minor })
}

// title is the document's title: errors first, the page, the brand.
func (c Chrome) title(ctx context.Context) string {
	title := c.Title + " · " + i18n.T(ctx, "parts.brand")
	if c.Title == "" {
		title = i18n.T(ctx, "parts.brand")
	}
	if c.Failed {
		title = i18n.T(ctx, "parts.error_prefix") + " " + title
	}
	return title
}

// csrfHeaders is the value of hx-headers that sends the token with each htmx request.
func (c Chrome) csrfHeaders() string {
	headers, err := json.Marshal(map[string]string{CSRFHeader: c.CSRF})
	if err != nil {
		panic(err) // a map of strings always marshals
	}
	return string(headers)
}

// htmxConfig is read by htmx from its meta tag. Attributes that the browser or
// we change are left alone when morphing; a failed answer never replaces what
// is on the page; of hidden tabs app.js decides which keep their stream (see line.js).
const htmxConfig = `{"includeIndicatorCSS":false,"extensions":"sse","noSwap":[204,304,"5xx"],` +
	`"morphIgnore":["data-htmx-powered","open","tabindex","aria-selected"],"defaultTimeout":30000,` +
	`"history":"reload","sse":{"pauseOnBackground":false,"reconnectMaxDelay":4000}}`
