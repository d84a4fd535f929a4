// Watches the page's event stream. The server sends a heartbeat at least every
// ten seconds; after twenty of silence the page says so, and how old it is.
// When the stream is back after a break, "reconnected" on body makes lists refetch.
import { clockTime, say } from "./words.js";

const silence = 20_000;

export function startLive() {
  if (!document.querySelector("[data-stale-text]")) return;
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
    if (broken) document.body.dispatchEvent(new CustomEvent("reconnected", { bubbles: true }));
    broken = false;
  });
  setInterval(() => {
    if (Date.now() - last > silence) {
      broken = true;
      show(true, last);
    }
  }, 1000);
}

function show(stale, last) {
  for (const text of document.querySelectorAll("[data-stale-text]")) {
    text.closest("[data-stale]").hidden = !stale;
    if (stale) text.textContent = say("stale", { time: clockTime(new Date(last)) });
  }
}
