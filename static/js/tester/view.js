// Form or JSON: two ways to write one body. Switching carries over what was typed; what the other side cannot hold
// is kept and comes back with the next switch.
import { byId } from "./element.js";
import { asJson, fields, fill, fromJson, isEmpty, read, reveal } from "./fields.js";
import { fill as say, gettext } from "../texts.js";

let extra = {}; // of the JSON: fields that the form has no place for

export const isJson = () => byId("call-form").querySelector("input[name=view]:checked")?.value === "json";
export const view = () => ({ json: isJson(), text: byId("tester-json")?.value ?? "" });
const bodyFields = () => fields().filter((field) => field.dataset.place === "body" && field.dataset.control !== "file");

export function parse(text) {
  if (!text.trim()) return { value: {} };
  try {
    const value = JSON.parse(text);
    if (value === null || typeof value !== "object" || Array.isArray(value)) return { wrong: gettext("The body must be an object: {…}.") };
    return { value };
  } catch (error) {
    return { wrong: say(gettext("This is not JSON yet: %(why)s"), { why: error.message }) };
  }
}

export function showWrong(words) {
  const slot = byId("tester-json-error");
  if (!slot) return;
  slot.textContent = words;
  slot.hidden = !words;
  byId("tester-json").toggleAttribute("aria-invalid", Boolean(words));
  if (words) byId("tester-json").setAttribute("aria-invalid", "true");
}

function note(words) {
  const slot = byId("tester-kept");
  slot.textContent = words;
  slot.hidden = !words;
}

function toJson() {
  const value = {};
  for (const field of bodyFields()) {
    const typed = read(field);
    if (!isEmpty(typed)) value[field.dataset.name] = asJson(field, typed);
  }
  byId("tester-json").value = JSON.stringify({ ...value, ...extra }, null, 2);
  extra = {};
  const files = fields().filter((field) => field.dataset.control === "file" && !isEmpty(read(field)));
  note(files.length ? say(gettext("%(names)s stays chosen in the form and is not part of the JSON body."), { names: files.map((field) => field.dataset.name).join(", ") }) : "");
}

function toForm(value) {
  extra = { ...value };
  for (const field of bodyFields()) {
    const { name } = field.dataset;
    const shown = Object.hasOwn(value, name) ? fromJson(field, value[name]) : field.dataset.control === "checks" ? [] : "";
    fill(field, shown ?? (field.dataset.control === "checks" ? [] : ""));
    if (shown !== undefined) delete extra[name];
  }
  const names = Object.keys(extra);
  note(names.length ? say(gettext("The form cannot show %(names)s. It is kept for the JSON view and not sent from the form."), { names: names.join(", ") }) : "");
  reveal();
}

export function show(json) {
  byId("tester-form-view").hidden = json;
  byId("tester-json-view").hidden = !json;
  byId("tester-type").textContent = json ? "application/json" : byId("call-form").dataset.formType;
}

export function switchView(json) {
  showWrong("");
  if (json) toJson();
  else {
    const { value, wrong } = parse(byId("tester-json").value);
    if (wrong) {
      showWrong(say(gettext("%(wrong)s Mend it before you go back to the form."), { wrong }));
      byId("call-form").querySelector("input[name=view][value=json]").checked = true;
      return;
    }
    toForm(value);
  }
  show(json);
}

export const keepState = () => ({ json: isJson(), text: byId("tester-json")?.value ?? "", extra });

export function restoreState(state) {
  extra = state?.extra ?? {};
  const radio = byId("call-form").querySelector(`input[name=view][value=${state?.json ? "json" : "form"}]`);
  if (!radio) return;
  radio.checked = true;
  byId("tester-json").value = state?.text ?? "";
  show(Boolean(state?.json));
}

document.addEventListener("click", (event) => {
  if (event.target.id !== "tester-example") return;
  byId("tester-json").value = JSON.stringify(JSON.parse(byId("tester-example-body").textContent), null, 2);
  byId("tester-json").dispatchEvent(new Event("input", { bubbles: true }));
});
