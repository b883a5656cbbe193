// A new preview takes the old one's place in the slider only when it has been loaded: nothing flashes, the edge and
// the focus stay where they are.
import { lay } from "./compare.js";

let newest = 0;

async function loaded(source) {
  const image = new Image();
  image.src = source;
  await image.decode();
}

function slider(view) {
  const pattern = document.getElementById("compare-pattern").content;
  const compare = pattern.querySelector("[data-compare]").cloneNode(true);
  compare.querySelector(".compare__photo").src = view.dataset.before;
  for (const [name, word] of [["photo", "before"], ["after", "after"]]) compare.querySelector(`.compare__${name}`).alt = `${view.dataset.name}, ${word}`;
  return compare;
}

// view: the stage, with data-before and data-name · state: the line under it, with data-src, -width, -height, -frame
export async function put(view, state) {
  const mine = ++newest;
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
