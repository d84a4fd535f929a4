// What happens around a request: one submit at a time, a visible word when the
// server fails, and a sensible place for the focus after a swap.
import { say } from "./words.js";

export function startRequests() {
  document.addEventListener("submit", onSubmit, true);
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));
  document.addEventListener("htmx:finally:request", (event) => {
    const form = event.detail?.ctx?.sourceElement?.closest?.("form");
    if (form) release(form);
  });
  document.addEventListener("htmx:error", (event) => !speaksForItself(event) && fail());
  document.addEventListener("htmx:response:error", (event) => {
    if (event.detail?.ctx?.response?.status >= 500 && !speaksForItself(event)) fail();
  });
  document.addEventListener("htmx:after:swap", (event) => focusAfter(event));
  takeFocus(document);
}

// The line and the list say of themselves that they are old.
const speaksForItself = (event) => event.detail?.ctx?.sourceElement?.matches?.("[data-live], [data-list]");

// A form in flight is not sent again; it is free once its answer is here, or
// when the page comes back from the history.
function onSubmit(event) {
  const form = event.target;
  if (form.dataset.sent !== undefined) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  setTimeout(() => {
    if (event.defaultPrevented && !isHtmx(form)) return;
    form.dataset.sent = "";
    for (const button of buttons(form)) button.setAttribute("aria-disabled", "true");
  });
}

const isHtmx = (form) => [...form.attributes].some((a) => /^(data-)?hx-(get|post|put|patch|delete|action)$/.test(a.name));
const buttons = (form) => [...form.elements].filter((element) => element.type === "submit");

function release(form) {
  delete form.dataset.sent;
  for (const button of buttons(form)) button.removeAttribute("aria-disabled");
}

// What was on the page stays; the failure stands above it until the next page.
function fail() {
  const region = document.getElementById("notices");
  if (!region || region.querySelector("[data-failed]")) return;
  const notice = document.createElement("div");
  notice.className = "notice notice-error";
  notice.dataset.failed = "";
  notice.textContent = say("requestFailed");
  region.append(notice);
}

function focusAfter(event) {
  const ctx = event.detail?.ctx;
  if (ctx?.sourceElement?.matches?.("[data-live], [data-list]")) return keepFocus(); // a colleague's change moves no focus
  if (ctx?.response?.status >= 500) return;
  if (ctx?.response?.status < 400) forgetError();
  document.querySelector("#notices [data-failed]")?.remove();
  if (takeFocus(document)) return;
  if (goOn(ctx?.sourceElement)) return;
  const active = document.activeElement;
  if (active && active !== document.body) return;
  (document.getElementById("heading") ?? document.querySelector("h1"))?.focus({ preventScroll: true });
}

// data-then names what is to be filled in once this was swapped: it gets the
// focus while it is empty, from who is not typing elsewhere.
function goOn(source) {
  const next = source?.dataset?.then && document.querySelector(source.dataset.then);
  if (!next || next.value || document.activeElement?.matches("input:not([type=file]), textarea, select")) return false;
  next.focus();
  return true;
}

// What had the focus may be gone with its row.
function keepFocus() {
  if (document.activeElement && document.activeElement !== document.body) return;
  const row = document.querySelector("[data-rows] [aria-selected=true], [data-rows] > tr");
  (row?.querySelector("a[href]") ?? document.getElementById("heading"))?.focus({ preventScroll: true });
}

// What was wrong in a part of the page is put right.
let prefixed = "";

function forgetError() {
  if (prefixed && document.title.startsWith(prefixed)) document.title = document.title.slice(prefixed.length).trim();
  prefixed = "";
}

// data-focus asks for the focus once: a summary of errors, the next thing to do.
// The first on the page gets it; the others do not wait for the next swap.
function takeFocus(root) {
  const wanted = root.querySelector("[data-focus]");
  if (!wanted) return false;
  const prefix = wanted.dataset.titlePrefix;
  if (prefix && !document.title.startsWith(prefix)) {
    document.title = `${prefix} ${document.title}`;
    prefixed = prefix;
  }
  for (const asked of root.querySelectorAll("[data-focus]")) asked.removeAttribute("data-focus");
  wanted.focus();
  return true;
}
