// The form's fields as they stand in the page: read, filled in, cleared. A value is text, or a list (checks, files).
export const form = () => document.getElementById("call-form");
export const fields = () => [...form().querySelectorAll("[data-field]")];
const control = (field) => field.querySelector("[data-value]");
const fileInput = (field) => field.querySelector("input[type=file]");

export function read(field) {
  if (field.dataset.control === "file") return [...fileInput(field).files];
  if (field.dataset.control === "checks") return [...field.querySelectorAll("[data-option]:checked")].map((box) => box.value);
  return control(field).value;
}

export function fill(field, value) {
  if (field.dataset.control === "file") {
    const transfer = new DataTransfer();
    for (const file of value ?? []) transfer.items.add(file);
    fileInput(field).files = transfer.files;
    field.dispatchEvent(new CustomEvent("files", { bubbles: true }));
  } else if (field.dataset.control === "checks") {
    for (const box of field.querySelectorAll("[data-option]")) box.checked = (value ?? []).includes(box.value);
  } else control(field).value = value ?? "";
}

export const isEmpty = (value) => value.length === 0;
export const lines = (text) => text.split("\n").map((line) => line.replace(/\r$/, "")).filter((line) => line.trim() !== "");

// Everything that was filled in: {"body.width": "2000", "body.image": [File]}.
export function readAll() {
  const found = {};
  for (const field of fields()) {
    const value = read(field);
    if (!isEmpty(value)) found[field.dataset.field] = value;
  }
  return found;
}

export function fillAll(values) {
  for (const field of fields()) fill(field, values[field.dataset.field] ?? (Array.isArray(read(field)) ? [] : ""));
  reveal();
}

// What is filled in or wrong is not hidden under "More fields".
export function reveal() {
  for (const field of fields()) {
    const shut = field.closest("details:not([open])");
    if (shut && (!isEmpty(read(field)) || field.classList.contains("is-wrong"))) shut.open = true;
  }
}

// Typed text as JSON has it. What is no number stays text: the server says what is wrong with it.
export function asJson(field, value) {
  const { kind } = field.dataset;
  if (field.dataset.control === "lines") return lines(value).map((line) => one(kind, line));
  if (field.dataset.control === "checks") return value;
  return one(kind, value);
}

function one(kind, text) {
  if ((kind === "integer" || kind === "number") && text.trim() !== "" && Number.isFinite(Number(text))) return Number(text);
  if (kind === "boolean" && (text === "true" || text === "false")) return text === "true";
  if (kind === "object" || kind === "array") {
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }
  return text;
}

// A JSON value as its control shows it; undefined for one that the control cannot hold.
export function fromJson(field, value) {
  const { control: kind } = field.dataset;
  if (value === null || kind === "file") return undefined;
  if (kind === "json") return typeof value === "string" ? value : JSON.stringify(value, null, 2);
  if (kind === "lines" || kind === "checks") {
    const list = Array.isArray(value) ? value : [value];
    if (list.some((each) => typeof each === "object" || String(each).includes("\n"))) return undefined;
    if (kind === "lines") return list.join("\n");
    const known = [...field.querySelectorAll("[data-option]")].map((box) => box.value);
    return list.every((each) => known.includes(each)) ? list : undefined;
  }
  if (typeof value === "object") return undefined;
  const text = String(value);
  const own = control(field);
  if (own.tagName === "SELECT") return [...own.options].some((option) => option.value === text) ? text : undefined;
  if (own.tagName === "INPUT" && /[\r\n]/.test(text)) return undefined;
  if (own.type === "number" && !Number.isFinite(Number(text))) return undefined;
  return text;
}
