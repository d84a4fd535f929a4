// Counts down how long a price still holds. The server says how many seconds
// were left when it wrote the page, so a wrong clock does no harm. At the end
// the page says so, once, without a reload: what is for then comes into sight,
// and what is no longer possible goes.
import { announce, localNumber } from "./words.js";

const loaded = Date.now();

export function startExpiry() {
  const lines = [...document.querySelectorAll("[data-expiry]")];
  if (!lines.length) return;
  const timer = setInterval(tick, 1000);
  document.addEventListener("visibilitychange", tick);
  tick();

  function tick() {
    const passed = Math.floor((Date.now() - loaded) / 1000);
    for (const line of lines.splice(0)) {
      const left = Number(line.dataset.left) - passed;
      if (left > 0) {
        show(line, left);
        lines.push(line);
      } else {
        end(line);
      }
    }
    if (!lines.length) clearInterval(timer);
  }
}

function show(line, left) {
  const two = (n) => String(n).padStart(2, "0");
  line.querySelector("[data-clock]").textContent = localNumber(`${two(Math.floor(left / 60))}:${two(left % 60)}`);
}

function end(line) {
  line.hidden = true;
  if (line.nextElementSibling?.matches("[data-expiry-over]")) line.nextElementSibling.hidden = false;
  for (const late of document.querySelectorAll("[data-when-expired][hidden]")) {
    late.hidden = false;
    announce(late.querySelector(".notice-title")?.textContent);
  }
  for (const early of document.querySelectorAll("[data-until-expired]")) early.hidden = true;
}
