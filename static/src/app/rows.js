// Lists of like things (travellers, goods): a row is added or taken away in
// place. The rows stay numbered from 1 without a gap, as the server sends them.
import { announce, localNumber, say } from "./words.js";

export function startRows() {
  document.addEventListener("click", (event) => {
    const add = event.target.closest("[data-add-row]");
    const remove = event.target.closest("[data-remove-row]");
    if (add) addRow(add.closest("[data-row-list]"));
    if (remove) removeRow(remove.closest("[data-row-list]"), remove.closest("[data-row]"));
  });
  refresh();
  document.addEventListener("htmx:after:swap", refresh);
}

const lists = () => document.querySelectorAll("[data-row-list]");
const rows = (list) => [...list.querySelectorAll("[data-row]")];

function refresh() {
  for (const list of lists()) update(list);
}

function addRow(list) {
  const row = list.querySelector("template[data-row-template]").content.firstElementChild.cloneNode(true);
  list.querySelector("[data-rows-here]").append(row);
  for (const element of row.querySelectorAll("[data-js][hidden]")) element.hidden = false;
  update(list);
  row.querySelector("input, select, textarea")?.focus();
  announce(say("rowAdded", { what: title(row) }));
  changed(list);
}

function removeRow(list, row) {
  const what = title(row);
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  update(list);
  (next?.querySelector("input, select, textarea") ?? list.querySelector("[data-add-row]")).focus();
  announce(say("rowRemoved", { what }));
  changed(list);
}

const title = (row) => row.querySelector("[data-row-title]").textContent.trim().replace(/\s+/g, " ");

// Who listens to the list (the price, the questions that depend on others) looks again.
function changed(list) {
  list.dispatchEvent(new Event("input", { bubbles: true }));
  list.dispatchEvent(new Event("change", { bubbles: true }));
}

function update(list) {
  const all = rows(list);
  all.forEach((row, i) => number(row, list.dataset.rowList, i + 1));
  const least = Number(list.dataset.min);
  for (const button of list.querySelectorAll("[data-remove-row]")) button.disabled = all.length <= least;
  const add = list.querySelector("[data-add-row]");
  if (add) add.disabled = all.length >= Number(list.dataset.max);
}

// Names, ids and what refers to them hold ".<number>." after the list's name.
function number(row, name, n) {
  const own = new RegExp(`(^|[- ])((?:#?f-)?${name})\\.(?:\\d+|n)\\.`, "g");
  for (const element of [row, ...row.querySelectorAll("*")]) {
    for (const attribute of element.attributes) {
      const value = attribute.value.replace(own, `$1$2.${n}.`);
      if (value !== attribute.value) attribute.value = value;
    }
  }
  const place = row.querySelector("[data-row-number]");
  const text = localNumber(n);
  if (place.textContent !== text) place.textContent = text;
}
