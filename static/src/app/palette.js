// The palette finds every page and action in sight; the list of keys shows
// their shortcuts. Both are read from the page when they open.
import { isVisible } from "./keys.js";
import { fragment } from "./fragment.js";

export function startPalette() {
  const dialog = document.getElementById("palette");
  const input = dialog?.querySelector("input[name=q]");
  const list = dialog?.querySelector("[data-palette-list]");
  if (!list) return;
  dialog.addEventListener("pishkhan:open", () => fill(dialog, list));
  input.addEventListener("input", () => {
    narrow(list, input.value);
    search(input, list);
  });
  dialog.addEventListener("keydown", (event) => walk(event, input, list));
  document.getElementById("keys")?.addEventListener("pishkhan:open", (event) => listKeys(event.currentTarget));
}

const label = (element) => (element.querySelector("[data-label]") ?? element.labels?.[0] ?? element).textContent.trim().replace(/\s+/g, " ");
const cap = (code) => code.replace("Mod+", "Ctrl ").replace("Shift+Slash", "?").replace(/Key|Digit/, "");

// The page's own actions first; one entry a name, since a place stands both in the bar and in its menu.
function actions() {
  const found = new Map();
  const all = [...document.querySelectorAll("[data-palette], [data-key], [data-primary]")];
  const own = all.filter((element) => element.closest("main"));
  for (const element of [...own, ...all]) {
    const reachable = isVisible(element) || element.closest("details");
    const name = label(element);
    if (name && reachable && !element.disabled && !element.closest("dialog") && !found.has(name)) found.set(name, element);
  }
  return found;
}

function fill(dialog, list) {
  list.replaceChildren();
  for (const [name, element] of actions()) {
    if (element.dataset.open === "#palette") continue;
    const entry = document.createElement("button");
    entry.type = "button";
    entry.textContent = name;
    if (element.dataset.key) entry.append(keyCap(element.dataset.key));
    entry.addEventListener("click", () => {
      dialog.close();
      element.click();
    });
    const item = document.createElement("li");
    item.append(entry);
    list.append(item);
  }
  narrow(list, "");
  const input = dialog.querySelector("input[name=q]");
  input.value = "";
}

function keyCap(code) {
  const kbd = document.createElement("kbd");
  kbd.className = "kbd";
  kbd.dir = "ltr";
  kbd.textContent = cap(code);
  return kbd;
}

// A half-space and the Arabic forms of ye and kaf match their plain kin.
const plain = (text) => text.toLowerCase().replace(/\u200c/g, " ").replace(/ي/g, "ی").replace(/ك/g, "ک").trim();

function narrow(list, query) {
  const parts = plain(query).split(/\s+/);
  for (const item of list.querySelectorAll("li:not([data-found])")) item.hidden = !parts.every((part) => plain(item.textContent).includes(part));
}

// Down and Up walk the list; Enter in the input takes its first entry, or searches the orders.
function walk(event, input, list) {
  const entries = [...list.querySelectorAll("li:not([hidden]) :is(button, a)")];
  if (event.code === "Enter" && event.target === input && input.value && entries[0] && !event.ctrlKey) {
    event.preventDefault();
    entries[0].click();
    return;
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.code];
  if (!step) return;
  event.preventDefault();
  const at = entries.indexOf(document.activeElement) + step;
  (entries[at] ?? input).focus();
}

// Orders and customers are asked for once the typing pauses; an answer that
// comes after the next letter is passed over.
let asked = 0;

function search(input, list) {
  const mine = ++asked;
  const query = input.value.trim();
  setTimeout(async () => {
    if (mine !== asked) return;
    if (query.length < 2) return drop(list);
    const answer = await fetch(`${input.dataset.find}?q=${encodeURIComponent(query)}`, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (mine !== asked || !answer?.ok) return;
    const found = fragment(await answer.text());
    if (mine !== asked) return;
    drop(list);
    list.append(found);
  }, 150);
}

function drop(list) {
  for (const old of list.querySelectorAll("[data-found]")) old.remove();
}

function listKeys(dialog) {
  const list = dialog.querySelector("[data-keys-list]");
  for (const old of list.querySelectorAll("[data-added]")) old.remove();
  for (const [name, element] of actions()) {
    const code = element.dataset.key;
    if (!code || code.startsWith("Mod+") || code === "Shift+Slash") continue;
    const row = document.createElement("div");
    row.dataset.added = "";
    const term = document.createElement("dt");
    term.append(keyCap(code));
    const words = document.createElement("dd");
    words.textContent = name;
    row.append(term, words);
    list.append(row);
  }
}
