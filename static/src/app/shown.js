// Questions that come up only with certain answers to an earlier one:
// data-shown-if names its input, data-shown-in the answers. What is hidden is
// sent as it is; the server passes over it.
export function startShown() {
  document.addEventListener("change", refresh);
  document.addEventListener("htmx:after:swap", refresh);
  refresh();
}

function refresh() {
  // In the order of the page: a question that is hidden hides those that depend on it.
  for (const box of document.querySelectorAll("[data-shown-if]")) {
    const met = answers(box).some((answer) => box.dataset.shownIn.split(" ").includes(answer));
    box.classList.toggle("is-unmet", !met);
  }
}

function answers(box) {
  const inputs = [...(box.closest("form")?.elements ?? [])].filter((input) => input.name === box.dataset.shownIf);
  return inputs
    .filter((input) => !input.closest(".is-unmet") && (input.type === "radio" || input.type === "checkbox" ? input.checked : true))
    .map((input) => input.value);
}
