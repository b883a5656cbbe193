// How many images the button publishes: the ticked matches and the choices made by hand.
import { fill, gettext, ngettext } from "./texts.js";

const button = document.querySelector("[data-match-publish]");
const form = button?.closest("form");

function count() {
  const ticked = form.querySelectorAll('input[name="item"]:checked').length;
  const chosen = [...form.querySelectorAll('select[name="item"]')].filter((select) => select.value).length;
  const sum = ticked + chosen;
  button.disabled = sum === 0;
  button.title = sum === 0 ? gettext("Choose at least one image") : "";
  button.querySelector("span").textContent = fill(ngettext("Publish %(count)s image", "Publish %(count)s images", sum), { count: sum.toLocaleString("en") });
}

if (form) {
  form.addEventListener("change", count);
  count();
}
