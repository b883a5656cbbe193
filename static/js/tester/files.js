// File fields: by drop, by picker, by paste; what is chosen is named with its size and can be removed.
import { bytes } from "./element.js";

const zone = (target) => target.closest?.("[data-tester-drop]");
const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

function draw(drop) {
  const input = drop.querySelector("input[type=file]");
  const words = drop.querySelector("[data-drop-words]");
  words.dataset.empty ??= words.textContent;
  const files = [...input.files];
  words.textContent = files.length ? files.map((file) => `${file.name} (${bytes(file.size)})`).join(", ") : words.dataset.empty;
  words.title = files.length ? words.textContent : "";
  drop.classList.toggle("has-files", files.length > 0);
  drop.querySelector("[data-drop-clear]").hidden = files.length === 0;
}

function put(input, files) {
  const transfer = new DataTransfer();
  const before = input.multiple ? [...input.files] : [];
  for (const file of [...before, ...files].slice(0, input.multiple ? undefined : 1)) transfer.items.add(file);
  input.files = transfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

export const drawFiles = () => document.querySelectorAll("#call-form [data-tester-drop]").forEach(draw);

document.addEventListener("change", (event) => zone(event.target) && draw(zone(event.target)));
document.addEventListener("files", (event) => draw(event.target.querySelector("[data-tester-drop]")));
document.addEventListener("dragover", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault(); // beside a field too: the browser must not leave the page for the picture
  document.querySelectorAll(".tester-drop.is-over").forEach((each) => each.classList.remove("is-over"));
  zone(event.target)?.classList.add("is-over");
});
document.addEventListener("dragleave", (event) => zone(event.target)?.classList.remove("is-over"));
document.addEventListener("drop", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  const drop = zone(event.target) ?? document.querySelector("#tester-form-view:not([hidden]) [data-tester-drop]");
  drop?.classList.remove("is-over");
  if (drop) put(drop.querySelector("input[type=file]"), [...event.dataTransfer.files]);
});
document.addEventListener("paste", (event) => {
  const input = document.querySelector("#tester-form-view:not([hidden]) [data-tester-drop] input[type=file]");
  const files = [...(event.clipboardData?.files ?? [])];
  if (!input || !files.length || event.target.closest?.("input:not([type=file]), textarea")) return;
  event.preventDefault();
  put(input, files);
});
document.addEventListener("click", (event) => {
  const clear = event.target.closest("[data-drop-clear]");
  if (!clear) return;
  const input = zone(clear).querySelector("input[type=file]");
  input.value = "";
  input.dispatchEvent(new Event("change", { bubbles: true }));
  input.focus();
});
