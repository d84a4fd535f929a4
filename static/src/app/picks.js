// Picking rows: boxes, shift-click for a range, X and Shift with the arrows
// (see keys.js). What is picked stays picked when the list is read again.
import { localNumber } from "./words.js";

const picked = new Set();
let last = null;

export function startPicks() {
  if (!document.querySelector("[data-bulk]")) return;
  document.addEventListener("click", onClick);
  document.addEventListener("change", (event) => event.target.matches?.("[data-pick]") && count());
  document.addEventListener("htmx:after:swap", restore);
  document.addEventListener("list-changed", restore);
  restore();
}

const boxes = () => [...document.querySelectorAll("[data-pick]")];

function onClick(event) {
  if (event.target.closest("[data-unpick]")) {
    picked.clear();
    for (const box of boxes()) box.checked = false;
    return count();
  }
  const box = event.target.closest?.("[data-pick]");
  if (!box) return;
  const all = boxes();
  const from = all.findIndex((one) => one.value === last);
  if (event.shiftKey && from >= 0) {
    const to = all.indexOf(box);
    for (const one of all.slice(Math.min(from, to), Math.max(from, to) + 1)) one.checked = box.checked;
  }
  last = box.value;
  count();
}

function restore() {
  for (const box of boxes()) box.checked = picked.has(box.value);
  show();
}

// Rows that the list no longer shows are not picked any more once somebody picks again.
function count() {
  picked.clear();
  for (const box of boxes()) if (box.checked) picked.add(box.value);
  show();
}

function show() {
  const n = boxes().filter((box) => box.checked).length;
  document.querySelector("[data-bulk]").hidden = n === 0;
  for (const place of document.querySelectorAll("[data-count-words]")) {
    const words = place.dataset.countWords.replace("{n}", localNumber(n));
    if (place.textContent !== words) place.textContent = words;
  }
  for (const box of boxes()) box.closest("tr").classList.toggle("is-picked", box.checked);
}
