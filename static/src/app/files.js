// Drop zones: a file chosen, dropped or pasted is shown before it is sent.
import { say } from "./words.js";

export function startFiles() {
  document.addEventListener("change", (event) => {
    const zone = event.target.closest?.("[data-drop]");
    if (zone && event.target.type === "file") preview(zone, event.target);
  });
  for (const name of ["dragenter", "dragover"]) document.addEventListener(name, (event) => over(event, true));
  for (const name of ["dragleave", "dragend"]) document.addEventListener(name, (event) => over(event, false));
  document.addEventListener("drop", (event) => {
    const zone = over(event, false);
    if (zone) put(zone, event.dataTransfer.files);
  });
  document.addEventListener("paste", (event) => {
    const zone = document.activeElement?.closest("[data-drop][data-paste]") ?? document.querySelector("[data-drop][data-paste]");
    if (!zone || !event.clipboardData?.files.length) return;
    event.preventDefault();
    put(zone, event.clipboardData.files);
  });
}

// A file dropped beside the zone would replace the page: only files are stopped.
function over(event, on) {
  if (!event.dataTransfer?.types.includes("Files")) return null;
  event.preventDefault();
  const zone = event.target.closest?.("[data-drop]");
  zone?.classList.toggle("is-over", on);
  return zone;
}

function put(zone, files) {
  const input = zone.querySelector("input[type=file]");
  if (!files.length || input.disabled) return;
  const taken = new DataTransfer();
  for (const file of input.multiple ? files : [files[0]]) taken.items.add(file);
  input.files = taken.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function preview(zone, input) {
  const box = zone.querySelector("[data-preview]");
  for (const picture of box.querySelectorAll("img")) URL.revokeObjectURL(picture.src);
  box.replaceChildren();
  const wrong = [...input.files].map((file) => fault(zone, input, file)).find(Boolean) || excess(zone, input.files);
  if (wrong) input.value = "";
  for (const file of input.files) box.append(...picture(file), caption(file));
  if (wrong) box.append(wrong);
  zone.toggleAttribute("data-filled", input.files.length > 0);
  box.hidden = !box.hasChildNodes();
}

function fault(zone, input, file) {
  const max = Number(zone.dataset.maxBytes);
  if (max > 0 && file.size > max) return say("tooLarge", { size: Math.floor(max / 1024 / 1024) });
  const kinds = input.accept.split(",").map((kind) => kind.trim()).filter(Boolean);
  const fits = (kind) =>
    kind.startsWith(".") ? file.name.toLowerCase().endsWith(kind) : kind.endsWith("/*") ? file.type.startsWith(kind.slice(0, -1)) : file.type === kind;
  return kinds.length && !kinds.some(fits) ? say("wrongType") : "";
}

// Several files are bounded in number, and in size together.
function excess(zone, files) {
  const most = Number(zone.dataset.most), max = Number(zone.dataset.maxBytes);
  if (most > 0 && files.length > most) return say("tooMany", { most });
  const size = [...files].reduce((sum, file) => sum + file.size, 0);
  return max > 0 && size > max ? say("tooLargeTogether", { size: Math.floor(max / 1024 / 1024) }) : "";
}

function picture(file) {
  if (!file.type.startsWith("image/")) return [];
  const img = document.createElement("img");
  img.src = URL.createObjectURL(file);
  img.alt = "";
  return [img];
}

function caption(file) {
  const name = document.createElement("bdi");
  const size = file.size < 1024 * 1024 ? `${Math.ceil(file.size / 1024)} KB` : `${(file.size / 1024 / 1024).toFixed(1)} MB`;
  name.textContent = `${file.name} · ${size}`;
  return name;
}
