// What the server refuses, said beside the field that it names.
import { byId } from "./element.js";
import { fields, reveal } from "./fields.js";

export function clearErrors(only) {
  for (const field of only ? [only] : fields()) {
    field.classList.remove("is-wrong");
    field.querySelector("[data-error]").hidden = true;
    field.querySelectorAll("[aria-invalid]").forEach((control) => control.removeAttribute("aria-invalid"));
  }
}

// Both shapes: [{field, detail}] of problem+json, {field: [detail]} of the older family.
export function errorsOf(body) {
  const errors = body?.errors;
  if (Array.isArray(errors)) return errors.map(({ field, detail }) => ({ field: String(field), detail: String(detail) }));
  if (!errors || typeof errors !== "object") return [];
  return Object.entries(errors).flatMap(([field, details]) => [details].flat().map((detail) => ({ field, detail: String(detail) })));
}

const fieldOf = (name) => fields().find((each) => each.dataset.name === name && !each.closest("[hidden]"));
const control = (field) => field.querySelector("[data-value], input[type=file], [data-option]");
export const controlOf = (name) => control(fieldOf(name));

// Returns those whose field is not to be seen: not in the form, or the JSON view is open.
export function showErrors(errors) {
  const left = [];
  for (const error of errors) {
    const { field, detail } = error;
    const found = fieldOf(field);
    if (!found) {
      left.push(error);
      continue;
    }
    const slot = found.querySelector("[data-error]");
    slot.textContent = found.classList.contains("is-wrong") ? `${slot.textContent} ${detail}` : detail;
    slot.hidden = false;
    found.classList.add("is-wrong");
    control(found)?.setAttribute("aria-invalid", "true");
  }
  reveal();
  return left;
}

export function showKeyError(words) {
  const slot = byId("tester-key-error");
  slot.textContent = words;
  slot.hidden = !words;
  if (words) byId("tester-key").setAttribute("aria-invalid", "true");
  else byId("tester-key").removeAttribute("aria-invalid");
}
