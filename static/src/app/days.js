// The month of a calendar: one stop of the Tab key, walked by the arrows. Left
// is later where the page reads from right to left. Over the edge, and by Page
// Up and Page Down, the month before or after opens.
export function startDays() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("htmx:after:swap", oneStop);
  oneStop();
}

const table = () => document.querySelector("[data-days]");
const links = (month) => [...month.querySelectorAll("td a")];

// Tab leads to the chosen day, else to today, else to the first.
function oneStop() {
  const month = table();
  if (!month) return;
  const all = links(month);
  const edge = { "#first-day": all[0], "#last-day": all.at(-1) }[location.hash];
  const stop = edge ?? month.querySelector(".is-chosen a") ?? month.querySelector(".is-today a") ?? all[0];
  for (const link of all) link.tabIndex = link === stop ? 0 : -1;
  edge?.focus();
}

function onKey(event) {
  const day = event.target.closest?.("[data-days] td a");
  if (!day || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const later = document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
  const earlier = later === "ArrowLeft" ? "ArrowRight" : "ArrowLeft";
  const step = { [later]: 1, [earlier]: -1, ArrowDown: 7, ArrowUp: -7 }[event.code];
  const all = links(table());
  if (step) return go(event, all, all.indexOf(day) + step);
  const column = [...day.closest("tr").cells].indexOf(day.closest("td"));
  if (event.code === "Home") return go(event, all, Math.max(0, all.indexOf(day) - column));
  if (event.code === "End") return go(event, all, Math.min(all.length - 1, all.indexOf(day) + 6 - column));
  if (event.code === "PageUp") return leave(event, "prev", "");
  if (event.code === "PageDown") return leave(event, "next", "");
}

function go(event, all, at) {
  if (at < 0) return leave(event, "prev", "#last-day");
  if (at >= all.length) return leave(event, "next", "#first-day");
  event.preventDefault();
  for (const link of all) link.tabIndex = link === all[at] ? 0 : -1;
  all[at].focus();
}

function leave(event, rel, hash) {
  const link = document.querySelector(`#month a[rel=${rel}]`);
  if (!link) return;
  event.preventDefault();
  location.href = link.getAttribute("href") + hash;
}
