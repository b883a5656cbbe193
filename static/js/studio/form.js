// Small things of the settings form: numbers beside sliders, colours in two fields, marks on wrong fields, what is open.
import { film, refresh } from "./page.js";

const form = document.getElementById("studio-form");

document.addEventListener("input", (event) => {
  const input = event.target;
  if (input.form?.id !== "studio-form" && !input.dataset.colorOf) return;
  if (input.type === "range") {
    const output = form.querySelector(`output[for="${input.id}"]`);
    if (output) output.value = output.dataset.unit ? `${input.value} ${output.dataset.unit}` : input.value;
  }
  if (input.dataset.colorOf) document.getElementById(input.dataset.colorOf).value = input.value;
  const picker = input.id && form.querySelector(`[data-color-of="${input.id}"]`);
  if (picker && /^#[0-9a-f]{6}$/i.test(input.value.trim())) picker.value = input.value.trim();
  // a JPEG cannot be seen through: the format goes along, in sight
  if (input.name === "bg" && input.value === "transparent") {
    const jpeg = form.querySelector('[name=format][value="jpg"]');
    if (jpeg?.checked) form.querySelector('[name=format][value="png"]').checked = true;
  }
});

// sentences come from the server; the field they belong to is marked
document.addEventListener("htmx:oobAfterSwap", (event) => {
  const slot = event.target;
  const name = slot.dataset?.field;
  if (!name) return;
  const wrong = slot.childElementCount > 0;
  const fields = name === "background" ? form.querySelectorAll("[name=color], [name=color2]") : document.querySelectorAll(`[form=studio-form][name="${name}"], #studio-form [name="${name}"]`);
  for (const field of fields) if (!["radio", "checkbox"].includes(field.type)) field.setAttribute("aria-invalid", String(wrong));
});

// ticking by script sends no event: the button's number must follow
document.addEventListener("change", (event) => {
  if (event.target.matches(".select-all")) refresh();
});
document.addEventListener(
  "keydown",
  (event) => {
    if (event.key === "Escape" && film.querySelector(".film__select:checked")) setTimeout(refresh);
  },
  true, // before selection.js has cleared it
);

// which groups are open is a matter of taste, and stays
function remember() {
  for (const group of document.querySelectorAll("#parameters details[data-keep]")) {
    const kept = localStorage.getItem(`studio-${group.dataset.keep}`);
    if (kept) group.open = kept === "open";
  }
}
document.addEventListener(
  "toggle",
  (event) => {
    const group = event.target;
    if (group.matches?.("#parameters details[data-keep]")) localStorage.setItem(`studio-${group.dataset.keep}`, group.open ? "open" : "closed");
  },
  true,
);
document.addEventListener("htmx:load", (event) => event.detail.elt.id === "parameters" && remember());
remember();

const names = document.getElementById("names-popover");
if (names && "show" in names.dataset) names.showPopover();
