// A new preview of the chosen photo takes the old one's place in the slider.
import { put } from "../preview.js";
import { chosenPhoto } from "./page.js";

document.addEventListener("htmx:load", (event) => {
  const state = event.detail.elt;
  if (state.id !== "preview-state") return;
  const view = document.getElementById("preview");
  view?.toggleAttribute("aria-busy", state.dataset.kind === "running");
  if (state.dataset.src) put(view, state);
});

// an answer about a photo that does not stand large any more
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { photo } = event.detail.fragment.querySelector?.("#preview-state")?.dataset ?? {};
  if (photo !== undefined && photo !== chosenPhoto()) event.detail.shouldSwap = false;
});
