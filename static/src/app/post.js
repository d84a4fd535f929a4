// Sends a form's fields with the session's word, as htmx does, and swaps
// nothing. What is lost on the way is sent again by the next occasion.
export function post(address, fields = {}) {
  const headers = JSON.parse(document.body.getAttribute("hx-headers:inherited") ?? "{}");
  return fetch(address, { method: "POST", headers, body: new URLSearchParams(fields), keepalive: true }).catch(() => null);
}
