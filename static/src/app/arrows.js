// The arrows walk over what stands in a row ([data-arrows]: tabs, places,
// choices, the deeds on picked rows). Left is the next one where the page reads
// from right to left. The Tab key goes through them as everywhere.
import { isVisible } from "./keys.js";

export function startArrows() {
  document.addEventListener("keydown", onKey);
}

function onKey(event) {
  const at = event.target.closest?.("a, button, summary");
  const group = at?.closest("[data-arrows]");
  if (!group || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const all = [...group.querySelectorAll("a[href], button, summary")].filter((one) => !one.disabled && isVisible(one));
  const rtl = getComputedStyle(group).direction === "rtl";
  const left = all.indexOf(at) + (rtl ? 1 : -1);
  const right = all.indexOf(at) + (rtl ? -1 : 1);
  const to = { ArrowLeft: all[left], ArrowRight: all[right], Home: all[0], End: all.at(-1) }[event.code];
  if (!to) return;
  event.preventDefault();
  to.focus();
}
