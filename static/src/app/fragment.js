// What our own server has rendered, as nodes: of any element, rows of tables too.
export function fragment(html) {
  const range = document.createRange();
  range.selectNodeContents(document.createElement("template"));
  return range.createContextualFragment(html);
}
