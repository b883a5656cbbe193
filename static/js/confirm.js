// hx-confirm and form[data-confirm] ask in our own dialog instead of the browser's.
// data-confirm-title names the thing, data-confirm-label says what the button does: on the form, or on the button that
// sends it, so that one form serves a whole list.
import { gettext } from "./texts.js";

const dialog = document.getElementById("confirm-dialog");
let go = null;

function ask(words, text, then) {
  dialog.querySelector("h2").textContent = words.confirmTitle ?? gettext("Are you sure?");
  dialog.querySelector("p").textContent = text;
  dialog.querySelector("[data-confirm-yes]").textContent = words.confirmLabel ?? gettext("Continue");
  go = then;
  dialog.showModal();
}

document.addEventListener("htmx:confirm", (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  ask(event.detail.elt.dataset, event.detail.question, () => event.detail.issueRequest(true));
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  const words = { ...form.dataset, ...event.submitter?.dataset };
  if (!words.confirm || form.dataset.confirmed) return;
  event.preventDefault();
  ask(words, words.confirm, () => {
    form.dataset.confirmed = "yes";
    form.requestSubmit(event.submitter ?? undefined);
    delete form.dataset.confirmed;
  });
});

dialog?.addEventListener("click", (event) => {
  if (!event.target.closest("[data-confirm-yes]")) return;
  const then = go;
  go = null;
  dialog.close();
  then?.();
});
