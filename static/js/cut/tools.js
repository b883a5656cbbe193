// The tools' buttons and keys; what is chosen is read from the form, so that it is what one sees.
import { all, canRedo, redo, reset, undo, whenChanged } from "./marks.js";
import { frame, photoSize, show } from "./picture.js";
import { redraw } from "./surface.js";
import { gettext } from "../texts.js";

const form = document.getElementById("cut-form");
const stage = document.getElementById("cut-stage");
const buttons = Object.fromEntries(["undo", "redo", "reset", "save"].map((name) => [name, document.getElementById(`cut-${name}`)]));

function refresh() {
  const marks = all().length;
  buttons.undo.disabled = buttons.reset.disabled = !marks;
  buttons.redo.disabled = !canRedo();
  buttons.save.disabled = !marks;
  buttons.save.title = marks ? "" : gettext("Make a mark first");
}

function choose(name, value) {
  const input = form.querySelector(`[name="${name}"][value="${value}"]`);
  input.checked = true;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

// as wide as the window's height allows, times the zoom; the middle stays the middle
function fit() {
  const height = Math.max(260, window.innerHeight - stage.getBoundingClientRect().top - window.scrollY - 120);
  const width = Math.min(stage.clientWidth, (height * photoSize.width) / photoSize.height);
  const zoom = Number(form.elements.zoom.value);
  const across = (stage.scrollLeft + stage.clientWidth / 2) / (frame.offsetWidth || 1);
  const down = (stage.scrollTop + stage.clientHeight / 2) / (frame.offsetHeight || 1);
  stage.style.setProperty("--fit", `${Math.floor(width)}px`);
  stage.style.setProperty("--zoom", zoom);
  stage.style.maxHeight = `${Math.ceil((width * photoSize.height) / photoSize.width) + 2}px`;
  stage.scrollTo(across * frame.offsetWidth - stage.clientWidth / 2, down * frame.offsetHeight - stage.clientHeight / 2);
  redraw();
}

form.addEventListener("change", ({ target }) => {
  if (target.name === "view") show(target.value);
  if (target.name === "zoom") fit();
  if (target.name === "way") document.getElementById("cut-size").hidden = target.value !== "brush";
  redraw();
});
form.addEventListener("input", ({ target }) => target.name === "size" && redraw());

buttons.undo.addEventListener("click", undo);
buttons.redo.addEventListener("click", redo);
buttons.reset.addEventListener("click", reset);

document.addEventListener("keydown", (event) => {
  if (event.target.closest("textarea, select, input:not([type=radio], [type=range])") || document.querySelector("dialog:modal")) return;
  const key = event.key.toLowerCase();
  if ((event.ctrlKey || event.metaKey) && (key === "z" || key === "y")) {
    event.preventDefault();
    if (key === "y" || event.shiftKey) redo();
    else undo();
  } else if (key === "b" && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    choose("way", form.elements.way.value === "brush" ? "click" : "brush");
  }
});

whenChanged(refresh);
window.addEventListener("resize", fit);
refresh();
fit();
