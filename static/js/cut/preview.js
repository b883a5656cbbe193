// After each mark all of them go to the server; its answer names the mask, which takes the old one's place.
import { all, whenChanged } from "./marks.js";
import { forget, setMask } from "./picture.js";
import { fill, gettext, ngettext } from "../texts.js";

const state = document.getElementById("cut-state");
const count = document.getElementById("cut-count");

function ask() {
  forget();
  state.setAttribute("aria-busy", "true");
  htmx.trigger(state, "cut:changed");
}

function tell() {
  const marks = all().length;
  count.textContent = marks === 0 ? gettext("No marks yet") : fill(ngettext("%(count)s mark", "%(count)s marks", marks), { count: marks });
}

document.addEventListener("htmx:afterSwap", async (event) => {
  if (event.detail.target !== state) return;
  const made = state.querySelector("[data-mask]");
  if (made && !(await setMask(made.dataset.mask))) return;
  if (!state.querySelector("progress")) state.removeAttribute("aria-busy");
});

export function start() {
  whenChanged(() => {
    tell();
    ask();
  });
  document.getElementById("cut-clicks")?.addEventListener("change", ask);
  tell();
  ask();
}
