// Shortcuts, matched by event.code: on a Persian layout event.key is Persian.
// data-key is "KeyN", "Shift+Slash" or "Mod+KeyK" (Control, or Command).
import { post } from "./post.js";

export function startKeys() {
  document.addEventListener("keydown", onKey);
  const box = document.querySelector("[data-keys-off]");
  box?.addEventListener("change", () => post(box.dataset.keysOff, { keys_off: box.checked ? "yes" : "" }));
}

// The server keeps what the member chose; the box stands as it says.
const areOff = () => document.querySelector("[data-keys-off]")?.checked ?? false;

export const isVisible = (element) => element.getClientRects().length > 0;

function onKey(event) {
  if (event.defaultPrevented || event.repeat && event.code === "Enter" || event.isComposing) return;
  const modified = event.ctrlKey || event.metaKey;
  if (modified && event.code === "Enter") return pressPrimary(event);
  if (event.altKey) return;
  const name = (modified ? "Mod+" : "") + (event.shiftKey ? "Shift+" : "") + event.code;
  if (document.querySelector("dialog[open]")) return;
  if (!modified && (isTyping(event.target) || areOff())) return;
  if (walk(event, name)) return event.preventDefault();
  if (event.repeat) return;
  const target = [...document.querySelectorAll(`[data-key="${CSS.escape(name)}"]`)].find(
    (element) => !element.disabled && (isVisible(element) || element.closest("details")),
  );
  if (!target) return;
  event.preventDefault();
  target.click();
  if (target.matches("summary")) lookInto(target.parentElement);
}

// A form that a key has opened is scrolled to, and waits for words.
function lookInto(details) {
  const field = details.open && details.querySelector("input:not([type=hidden]), select, textarea");
  (field || details.querySelector("summary")).focus({ preventScroll: true });
  details.scrollIntoView({ block: details.offsetHeight < innerHeight / 2 ? "center" : "start" });
}

function isTyping(element) {
  return element.closest?.("input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]");
}

// Control+Enter: the main action of the open dialog, else of this form, else of the page.
function pressPrimary(event) {
  const scope = document.querySelector("dialog[open]") ?? event.target.closest?.("form:has([data-primary])") ?? document;
  const button = [...scope.querySelectorAll("[data-primary]")].find((element) => !element.disabled && isVisible(element));
  if (!button) return;
  event.preventDefault();
  button.click();
}

function tick(row) {
  const box = row.querySelector("input[type=checkbox]");
  if (box && !box.checked) box.click();
}

// J and K, or the arrows, move over the rows of [data-rows], with Shift they
// tick them; X ticks, Enter opens.
function walk(event, name) {
  const body = document.querySelector("[data-rows]");
  if (!body) return false;
  const rows = [...body.rows];
  const at = rows.findIndex((row) => row.contains(document.activeElement) || row.getAttribute("aria-selected") === "true");
  const ranging = name.startsWith("Shift+Arrow");
  const step = { KeyJ: 1, KeyK: -1, ArrowDown: 1, ArrowUp: -1 }[name.replace("Shift+Arrow", "Arrow")];
  if (step) {
    if (name.includes("Arrow") && at < 0) return false;
    const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
    if (ranging) for (const row of [rows[at], next]) tick(row);
    move(rows, next);
    return true;
  }
  const row = rows[at];
  if (!row) return false;
  if (name === "KeyX") {
    row.querySelector("input[type=checkbox]")?.click();
    return true;
  }
  if (name !== "Enter" || event.target.closest("a, button, input, summary")) return false;
  row.querySelector("a[href]")?.click();
  return true;
}

function move(rows, next) {
  if (!next) return;
  for (const row of rows) row.removeAttribute("aria-selected");
  next.setAttribute("aria-selected", "true");
  next.tabIndex = -1;
  (next.querySelector("a[href]") ?? next).focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}
