// The form of an operation: sliders and their numbers, colours, seeds, the dial, "Reset". What is sent are the named fields.
const by = (id) => document.getElementById(id);

function tell(field) {
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function set(field, value) {
  field.value = value;
  tell(field);
}

// the slider, the dial and the colour beside a field follow it
function follow(field) {
  const range = document.querySelector(`[data-range-of="${field.id}"]`);
  const number = Number(field.value.replace(",", "."));
  if (range) range.value = field.value.trim() && Number.isFinite(number) ? number : field.dataset.default || range.min;
  const dial = document.querySelector(`[data-dial="${field.id}"]`);
  dial?.style.setProperty("--angle", `${Number(range.value)}deg`);
  const picker = document.querySelector(`[data-colour-of="${field.id}"]`);
  const colour = field.value.trim().slice(0, 7);
  if (picker && /^#[0-9a-f]{6}$/i.test(colour)) picker.value = colour;
}

function usual(field) {
  if (field.type === "radio") return;
  if (field.type === "checkbox") field.checked = field.dataset.default === "true";
  else field.value = field.dataset.default;
  follow(field);
}

document.addEventListener("input", (event) => {
  const { target } = event;
  const { rangeOf, colourOf } = target.dataset ?? {};
  if (rangeOf) {
    by(rangeOf).value = target.value;
    follow(by(rangeOf));
  } else if (colourOf) by(colourOf).value = target.value;
  else if (target.closest?.(".parameter") && target.id) follow(target);
});

document.addEventListener("dblclick", (event) => {
  const range = event.target.closest?.("[data-range-of]");
  if (!range) return;
  usual(by(range.dataset.rangeOf));
  tell(by(range.dataset.rangeOf));
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-another], [data-set], [data-reset]");
  if (!button) return;
  const { another, set: target, to, reset } = button.dataset;
  if (another) set(by(another), String(crypto.getRandomValues(new Uint32Array(1))[0]));
  if (target) set(by(target), to);
  if (reset === undefined) return;
  const form = by(reset);
  for (const field of form.elements) if (field.dataset.default !== undefined && field.name) usual(field);
  for (const choices of form.querySelectorAll("fieldset[data-default]")) {
    for (const radio of choices.querySelectorAll("[type=radio]")) radio.checked = radio.value === choices.dataset.default;
  }
  tell(form);
});

function turn(dial, event) {
  const box = dial.getBoundingClientRect();
  const right = event.clientX - box.left - box.width / 2;
  const up = box.top + box.height / 2 - event.clientY;
  set(by(dial.dataset.dial), String((Math.round((Math.atan2(right, up) * 180) / Math.PI) + 360) % 360));
}

document.addEventListener("pointerdown", (event) => {
  const dial = event.target.closest?.("[data-dial]");
  if (!dial || event.button !== 0) return;
  event.preventDefault();
  dial.setPointerCapture(event.pointerId);
  turn(dial, event);
});
document.addEventListener("pointermove", (event) => {
  const dial = event.target;
  if (dial.matches?.("[data-dial]") && dial.hasPointerCapture(event.pointerId)) turn(dial, event);
});

// sentences come from the server; the field they belong to is marked, and the group it stands in is opened
document.addEventListener("htmx:oobAfterSwap", (event) => {
  const name = event.target.dataset?.errorOf;
  if (!name) return;
  const wrong = event.target.childElementCount > 0;
  const parameter = event.target.closest(".parameter");
  for (const field of parameter?.querySelectorAll(`[name="${name}"]:not([type=radio], [type=checkbox])`) ?? []) field.setAttribute("aria-invalid", String(wrong));
  if (wrong) event.target.closest("details")?.setAttribute("open", "");
});

function start(root) {
  for (const field of root.querySelectorAll?.(".parameter [id][name]") ?? []) follow(field);
}
start(document);
document.addEventListener("htmx:load", (event) => start(event.detail.elt));
