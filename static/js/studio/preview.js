// A new preview takes the old one's place in the slider only when it has been loaded: nothing flashes, the edge and
// the focus stay where they are.
import { lay } from "../compare.js";
import { chosenPhoto, fragment } from "./page.js";

let newest = 0;

async function loaded(source) {
  const image = new Image();
  image.src = source;
  await image.decode();
}

function slider(view) {
  const compare = fragment(document.getElementById("compare-pattern").innerHTML).querySelector("[data-compare]");
  compare.querySelector(".compare__photo").src = view.dataset.before;
  for (const [name, word] of [["photo", "before"], ["after", "after"]]) compare.querySelector(`.compare__${name}`).alt = `${view.dataset.name}, ${word}`;
  return compare;
}

async function put(state) {
  const mine = ++newest;
  const view = document.getElementById("preview");
  const { src, width, height } = state.dataset;
  try {
    await loaded(src);
  } catch {
    return; // replaced or deleted meanwhile; the line under it tells
  }
  if (mine !== newest || !view.isConnected) return;
  let compare = view.querySelector("[data-compare]");
  if (!compare) {
    compare = slider(view);
    view.replaceChildren(compare);
  }
  const after = compare.querySelector(".compare__after");
  after.src = src;
  after.width = width;
  after.height = height;
  compare.dataset.frame = state.dataset.frame;
  lay(compare);
}

document.addEventListener("htmx:load", (event) => {
  const state = event.detail.elt;
  if (state.id !== "preview-state") return;
  const view = document.getElementById("preview");
  view?.toggleAttribute("aria-busy", state.dataset.kind === "running");
  if (state.dataset.src) put(state);
});

// an answer about a photo that does not stand large any more
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { photo } = event.detail.fragment.querySelector?.("#preview-state")?.dataset ?? {};
  if (photo !== undefined && photo !== chosenPhoto()) event.detail.shouldSwap = false;
});
