// The edit page: the preview in the slider, and one press of the button.
import { put } from "./preview.js";

document.addEventListener("htmx:load", (event) => {
  const state = event.detail.elt;
  if (state.id !== "preview-state") return;
  const view = document.getElementById("preview");
  view.toggleAttribute("aria-busy", state.dataset.kind === "running");
  if (state.dataset.src) put(view, state);
});

const form = document.getElementById("edit-form");
form?.addEventListener("submit", () => document.getElementById("edit-submit")?.setAttribute("aria-disabled", "true"));
window.addEventListener("pageshow", () => document.getElementById("edit-submit")?.removeAttribute("aria-disabled"));

// on a phone the tabs are wider than the window
const tabs = document.querySelector(".edit-tabs");
const current = tabs?.querySelector("[aria-current]");
if (current) tabs.scrollLeft = current.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - current.offsetWidth) / 2;
