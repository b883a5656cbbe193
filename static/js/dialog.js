// Dialogs: data-dialog-open="id" opens, data-dialog-close closes, a click beside the dialog closes it too.
// data-dialog-auto: open as soon as it is on the page. data-dialog-keep: only its own button closes it.
function openAll(root) {
  const found = root.matches?.("dialog[data-dialog-auto]") ? [root] : (root.querySelectorAll?.("dialog[data-dialog-auto]") ?? []);
  for (const dialog of found) {
    delete dialog.dataset.dialogAuto;
    dialog.close();
    dialog.showModal();
  }
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog-open]");
  if (opener) {
    document.getElementById(opener.dataset.dialogOpen)?.showModal();
    return;
  }
  const closer = event.target.closest("[data-dialog-close]");
  if (closer) {
    const dialog = closer.closest("dialog");
    dialog?.close();
    if (closer.hasAttribute("data-dialog-remove")) dialog?.remove();
    return;
  }
  if (event.target.matches("dialog.dialog[open]") && !("dialogKeep" in event.target.dataset)) {
    const box = event.target.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside && event.detail > 0) event.target.close();
  }
});

document.addEventListener(
  "cancel",
  (event) => {
    if ("dialogKeep" in (event.target.dataset ?? {})) event.preventDefault();
  },
  true,
);

document.addEventListener("htmx:load", (event) => openAll(event.detail.elt));
openAll(document);
