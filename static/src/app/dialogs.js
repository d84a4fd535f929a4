// Opens native dialogs, and closes menus on Escape and on a click outside.
export function startDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) open(document.querySelector(opener.dataset.open), opener);
    if (event.target.closest("[data-close]") || event.target.matches("dialog.modal")) event.target.closest("dialog")?.close();
    closeMenus(event.target);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest?.("details[data-drop-menu][open]");
    closeMenus(null);
    menu?.querySelector("summary").focus();
  });
}

function open(dialog, opener) {
  if (!dialog || dialog.open) return;
  opener.closest("details[data-drop-menu]")?.removeAttribute("open");
  dialog.dispatchEvent(new CustomEvent("pishkhan:open"));
  dialog.showModal();
  for (const box of dialog.children) box.scrollTop = 0; // it begins where it is read from, whatever has the focus
}

function closeMenus(inside) {
  for (const menu of document.querySelectorAll("details[data-drop-menu][open]")) {
    if (!inside || !menu.contains(inside)) menu.open = false;
  }
}
