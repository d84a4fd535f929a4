// The page's line to the server. Over HTTP/1.1 a browser opens six connections
// to a host and no more, for all its tabs together: eight tabs with a line each
// would load nothing any more. So a page that was never in sight has none, and
// of those that went out of sight only the last one keeps its line, for five
// minutes: its reader is at the destination's page, and still at the order. In
// sight again a page takes its line up, from where it heard last.
const kept = 300_000;
const again = 3_000; // between two tries

// hold opens the line's connection, lets it go and takes it up; missed is called
// before it is taken up, full when the server ended it for there are too many.
export function holdLine(line, { missed, full }) {
  const others = new BroadcastChannel("pishkhan-line");
  let away = document.hidden;
  let hiddenAt = Date.now();
  let ended = false; // by the server, or with the page
  let asking = false;
  let askedAt = 0;
  let mark = "";

  const wanted = () => !away && !ended;
  const mine = (event) => (event.detail?.ctx?.sourceElement ?? event.target) === line;

  function letGo() {
    away = true;
    cut();
  }

  function takeUp() {
    if (wanted()) return;
    away = ended = false;
    askedAt = 0;
    missed();
    keep();
  }

  function cut() {
    const connection = line._htmx?.sse;
    connection?.abortController?.abort();
    connection?.reader?.cancel().catch(() => {}); // it may be aborted by now
  }

  // The first connection is an ordinary request: when it fails, nobody else tries again.
  function keep() {
    if (document.hidden && Date.now() - hiddenAt > kept) letGo();
    if (!wanted() || asking || !window.htmx || !line._htmx || line._htmx.sse || Date.now() - askedAt < again) return;
    const address = new URL(line.getAttribute("hx-sse:connect"), location.href);
    if (mark) address.searchParams.set("since", mark);
    window.htmx.ajax("GET", address.pathname + address.search, { source: line });
  }

  document.addEventListener("htmx:before:request", (event) => {
    if (!mine(event)) return;
    if (!wanted()) return event.preventDefault();
    asking = true;
    askedAt = Date.now();
  });
  document.addEventListener("htmx:finally:request", (event) => mine(event) && (asking = false));
  document.addEventListener("htmx:sse:before:connection", (event) => wanted() || event.preventDefault());
  document.addEventListener("htmx:sse:after:connection", () => wanted() || setTimeout(cut));
  document.addEventListener("htmx:sse:before:message", ({ detail }) => (mark = detail.message.id || mark));

  let leaving = false;
  window.addEventListener("pagehide", () => (leaving = true));
  window.addEventListener("pageshow", () => (leaving = false));
  document.addEventListener("visibilitychange", () => {
    hiddenAt = Date.now();
    if (!document.hidden) takeUp();
    else if (!leaving) others.postMessage("out of sight");
  });
  others.addEventListener("message", () => document.hidden && letGo());

  line.addEventListener("ended", () => (ended = true));
  line.addEventListener("displaced", () => {
    ended = true;
    cut();
    full();
  });
  setInterval(keep, 1000);
  return takeUp;
}
