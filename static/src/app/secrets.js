// Copying, uncovering, and taking revealed secrets out of the page again.
import { announce, say } from "./words.js";

export function startSecrets() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy], [data-copy-from], [data-unmask], [data-show-password]");
    if (!button) return;
    const data = button.dataset;
    if (data.unmask) toggle(button, document.querySelector(data.unmask), "masked");
    else if (data.showPassword) showPassword(button, document.querySelector(data.showPassword));
    else copy(button, data.copy ?? textOf(document.querySelector(data.copyFrom)));
  });
  hideLater(document.body);
  document.addEventListener("htmx:after:swap", () => hideLater(document.body));
}

const textOf = (element) => element?.value ?? element?.textContent ?? "";

async function copy(button, text) {
  const place = button.querySelector("[data-label]") ?? button;
  const before = place.dataset.before ?? place.textContent;
  place.dataset.before = before;
  try {
    await navigator.clipboard.writeText(text);
    place.textContent = say("copied");
  } catch {
    place.textContent = say("copyFailed");
  }
  announce(place.textContent);
  setTimeout(() => (place.textContent = before), 2000);
}

function toggle(button, element, name) {
  if (!element) return;
  const covered = element.classList.toggle(name);
  button.setAttribute("aria-pressed", String(!covered));
}

function showPassword(button, input) {
  if (!input) return;
  const shown = input.type === "text";
  input.type = shown ? "password" : "text";
  button.setAttribute("aria-pressed", String(!shown));
}

// data-hide-after="60": after so many seconds the element's content leaves the
// page; a <template data-after> in it takes its place.
const timed = new WeakSet();

function hideLater(root) {
  for (const element of root.querySelectorAll("[data-hide-after]")) {
    if (timed.has(element)) continue;
    timed.add(element);
    setTimeout(() => hide(element), Number(element.dataset.hideAfter) * 1000);
  }
}

function hide(element) {
  const after = element.querySelector("template[data-after]");
  const hadFocus = element.contains(document.activeElement);
  element.replaceChildren(...(after ? [after.content.cloneNode(true)] : []));
  if (hadFocus) element.querySelector("button, a, [tabindex]")?.focus();
}
