// Watches the page's event stream. The server sends a heartbeat at least every
// ten seconds; after twenty of silence the page says so, and how old it is.
// When the stream is back after a break it tells by itself what was missed;
// "refetch" on body makes lists read again what it could not tell.
import { clockTime, say } from "./words.js";

const silence = 20_000;
const again = 3_000;

export const liveLine = () => document.querySelector("[data-live]");

export function startLive() {
  const line = liveLine();
  if (!line || !document.querySelector("[data-stale-text]")) return;
  let last = Date.now();
  let broken = false;
  const heard = () => {
    last = Date.now();
    show(false, last);
  };
  document.addEventListener("htmx:sse:before:message", heard);
  document.addEventListener("htmx:sse:error", () => (broken = true));
  document.addEventListener("htmx:sse:after:connection", () => {
    heard();
    if (broken) fire("reconnected");
    broken = false;
  });
  line.addEventListener("refetch", (event) => {
    event.stopPropagation();
    fire("refetch");
  });
  line.addEventListener("lookers", (event) => lookers(JSON.parse(event.detail.data)));
  line.addEventListener("order-changed", (event) => JSON.parse(event.detail.data).mine || fire("colleague"));
  line.addEventListener("ended", () => location.reload()); // signed out: the page says so
  document.addEventListener("htmx:error", (event) => retry(event, line));
  document.addEventListener("htmx:response:error", (event) => retry(event, line));
  setInterval(() => {
    if (Date.now() - last > silence) {
      broken = true;
      show(true, last);
    }
  }, 1000);
}

const fire = (name) => document.body.dispatchEvent(new CustomEvent(name, { bubbles: true }));

// The first connection is an ordinary request: when it fails, nobody else tries again.
function retry(event, line) {
  if (event.detail?.ctx?.sourceElement !== line || line._htmx?.sse) return;
  setTimeout(() => line.isConnected && window.htmx.ajax("GET", line.getAttribute("hx-sse:connect"), { source: line }), again);
}

// Who else looks at the order of this page.
function lookers({ words }) {
  for (const place of document.querySelectorAll("[data-lookers]")) {
    place.hidden = !words;
    if (place.textContent !== words) place.textContent = words;
  }
}

function show(stale, last) {
  for (const text of document.querySelectorAll("[data-stale-text]")) {
    text.closest("[data-stale]").hidden = !stale;
    if (stale) text.textContent = say("stale", { time: clockTime(new Date(last)) });
  }
}
