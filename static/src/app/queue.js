// The list of orders. What is known of a row changes in place; what comes,
// goes or moves waits behind a pill, so that nothing moves under the pointer.
import { liveLine } from "./live.js";
import { clockTime, localNumber } from "./words.js";
import { fragment } from "./fragment.js";

const list = () => document.querySelector("[data-list]");
const pill = () => document.querySelector("[data-pill]");
let waiting = new Set(); // codes that the list does not show where they belong
let read = 0; // when the rows were read, here
let heard = []; // the latest messages about rows, with the time: a list that is on its way may be older than they are
const longest = 60_000; // that a list is on its way

export function startQueue() {
  if (!list()) return;
  read = Date.now();
  liveLine()?.addEventListener("list-row", (event) => {
    const message = JSON.parse(event.detail.data);
    heard = heard.filter(({ at }) => at > Date.now() - longest);
    heard.push({ at: Date.now(), message });
    hear(message);
  });
  document.addEventListener("htmx:before:request", ({ detail }) => {
    if (detail?.ctx?.sourceElement?.matches?.("[data-list]")) detail.ctx.asked = Date.now();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-pill-show], [data-list-retry]")) refetch();
  });
  document.addEventListener("htmx:after:swap", (event) => {
    if (!event.detail?.ctx?.sourceElement?.matches?.("[data-list]") || event.detail.ctx.response?.status >= 400) return;
    waiting.clear();
    read = Date.now();
    for (const { at, message } of heard) if (at >= event.detail.ctx.asked) hear(message);
    showPill();
    fail(false);
  });
  document.addEventListener("htmx:error", failed);
  document.addEventListener("htmx:response:error", failed);
}

const refetch = () => document.body.dispatchEvent(new CustomEvent("refetch", { bubbles: true }));

function hear({ code, fits, html }) {
  const row = document.getElementById(`row-${code}`);
  const fresh = parse(html);
  if (row) {
    const moved = fits && key(row) !== key(fresh);
    update(row, fresh);
    row.classList.toggle("is-gone", !fits);
    if (moved) waiting.add(code);
    else waiting.delete(code);
  } else if (fits && inSight(fresh)) waiting.add(code);
  else waiting.delete(code);
  showPill();
}

const parse = (html) => fragment(html).querySelector("tr");

const sortKeys = { due: "due", placed: "placed", amount: "amount" };
const key = (row) => Number(row.dataset[sortKeys[list().dataset.sort] ?? "due"]);

// A row behind the last one of a list that is cut there belongs to another page.
function inSight(fresh) {
  const rows = document.querySelectorAll("[data-list] [data-rows] > tr");
  if (!rows.length || list().dataset.cut === undefined) return true;
  const last = key(rows[rows.length - 1]);
  return list().dataset.sort === "amount" ? key(fresh) >= last : key(fresh) <= last;
}

// Cells that say something else now are replaced; the one with the box keeps
// it, and the place keeps its key until the list is read again.
function update(row, fresh) {
  row.className = fresh.className;
  [...fresh.cells].forEach((cell, i) => {
    const old = row.cells[i];
    const box = old.querySelector(".pick");
    if (box) {
      const time = cell.querySelector(".time");
      const before = old.querySelector(".time");
      if (time && before) before.replaceWith(time);
      else if (time) old.append(time);
      else before?.remove();
    } else if (!old.isEqualNode(cell)) {
      const focused = old.contains(document.activeElement);
      old.replaceChildren(...cell.childNodes);
      window.htmx?.process(old);
      if (focused) (old.querySelector("a, button") ?? row.querySelector("a[href]"))?.focus({ preventScroll: true });
    }
  });
}

function showPill() {
  const box = pill();
  if (!box) return;
  const n = waiting.size;
  const { newWord, newWords } = list().dataset;
  const words = n === 1 ? newWord : newWords.replace("{n}", localNumber(n));
  const place = box.querySelector("[data-pill-words]");
  if (n && place.textContent !== words) place.textContent = words;
  const focused = box.contains(document.activeElement);
  box.hidden = n === 0;
  if (focused && box.hidden) (document.querySelector("[data-rows] a[href]") ?? document.getElementById("heading"))?.focus({ preventScroll: true });
}

// The old rows stay, with their age.
function failed(event) {
  if (event.detail?.ctx?.sourceElement?.matches?.("[data-list]")) fail(true);
}

function fail(on) {
  const notice = document.querySelector("[data-list-failed]");
  if (!notice) return;
  notice.hidden = !on;
  if (on) notice.querySelector("[data-list-failed-words]").textContent = list().dataset.failedWords.replace("{time}", clockTime(new Date(read)));
}
