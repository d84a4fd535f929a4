// Watches the page's event stream. The server sends a heartbeat at least every
// ten seconds; after twenty of silence the page says so, and how old it is.
// When the stream is back after a break it tells by itself what was missed;
// "refetch" on body makes lists read again what it could not tell.
import { holdLine } from "./line.js";
import { clockTime, say } from "./words.js";

const silence = 20_000;

export const liveLine = () => document.querySelector("[data-live]");

export function startLive() {
  const line = liveLine();
  if (!line || !document.querySelector("[data-stale-text]")) return;
  let last = Date.now();
  let silentFrom = last;
  let broken = false;
  const heard = () => {
    last = silentFrom = Date.now();
    stale(false, last);
  };
  const takeUp = holdLine(line, {
    missed() {
      silentFrom = Date.now();
      broken = true;
      displaced(false);
    },
    full: () => displaced(true),
  });
  document.addEventListener("htmx:sse:before:message", heard);
  document.addEventListener("htmx:sse:error", () => (broken = true));
  document.addEventListener("htmx:sse:after:connection", () => {
    heard();
    if (broken) fire("reconnected");
    broken = false;
  });
  document.addEventListener("click", (event) => event.target.closest("[data-take-up]") && takeUp());
  line.addEventListener("refetch", (event) => {
    event.stopPropagation();
    fire("refetch");
  });
  line.addEventListener("lookers", (event) => lookers(JSON.parse(event.detail.data)));
  line.addEventListener("order-changed", (event) => JSON.parse(event.detail.data).mine || fire("colleague"));
  line.addEventListener("ended", () => location.reload()); // signed out: the page says so
  setInterval(() => {
    if (document.hidden || Date.now() - silentFrom <= silence || isDisplaced()) return;
    broken = true;
    stale(true, last);
  }, 1000);
}

const fire = (name) => document.body.dispatchEvent(new CustomEvent(name, { bubbles: true }));

// Who else looks at the order of this page.
function lookers({ words }) {
  for (const place of document.querySelectorAll("[data-lookers]")) {
    place.hidden = !words;
    if (place.textContent !== words) place.textContent = words;
  }
}

function stale(on, last) {
  for (const text of document.querySelectorAll("[data-stale-text]")) {
    text.closest("[data-stale]").hidden = !on;
    if (on) text.textContent = say("stale", { time: clockTime(new Date(last)) });
  }
}

// Too many pages of one session are open: this one is not told any more, until its reader wants it.
const isDisplaced = () => document.querySelector("[data-displaced]:not([hidden])") !== null;

function displaced(on) {
  for (const notice of document.querySelectorAll("[data-displaced]")) {
    const focused = notice.contains(document.activeElement);
    notice.hidden = !on;
    if (focused && !on) document.getElementById("heading")?.focus({ preventScroll: true });
  }
  if (on) stale(false);
}
