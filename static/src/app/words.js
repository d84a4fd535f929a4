// The sentences of the page's language, which the server wrote into #words.
const words = () => document.getElementById("words")?.dataset ?? {};

export function say(name, values = {}) {
  const digits = words().digits ?? "0123456789";
  return (words()[name] ?? "").replace(/\{(\w+)\}/g, (hole, key) => {
    const value = values[key];
    if (value === undefined) return hole;
    return typeof value === "number" ? String(value).replace(/\d/g, (d) => digits[d]) : value;
  });
}

export function clockTime(date) {
  const two = (n) => String(n).padStart(2, "0");
  const digits = words().digits ?? "0123456789";
  return `${two(date.getHours())}:${two(date.getMinutes())}`.replace(/\d/g, (d) => digits[d]);
}

// localNumber writes a whole number in the page's digits.
export function localNumber(n) {
  const digits = words().digits ?? "0123456789";
  return String(n).replace(/\d/g, (d) => digits[d]);
}

// announce speaks to screen readers, once, without taking the focus.
export function announce(text) {
  const region = document.getElementById("announce");
  if (region && text) region.textContent = text;
}
