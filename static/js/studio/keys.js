// The strip by keyboard: one stop for Tab, arrows move along it, Enter shows, Space selects. Also the grid view.
import { film } from "./page.js";
import { photos } from "./strip.js";

const links = () => photos().map((frame) => frame.querySelector(".film__link"));

// only one photo is a stop for Tab; two hundred photos are not two hundred stops
let stop = null;
function stopAt(link) {
  if (!link) return;
  if (stop && stop !== link) stop.tabIndex = -1;
  stop = link;
  stop.tabIndex = 0;
}

function leaveOut(frame) {
  frame.querySelector(".film__link").tabIndex = -1;
  frame.querySelector(".film__select").tabIndex = -1;
}

function settle() {
  const current = film.querySelector(".film__link[aria-current]");
  if (current) stopAt(current);
  else if (!stop?.isConnected) stopAt(film.querySelector(".film__link"));
}

function perRow() {
  const frames = photos();
  const next = frames.findIndex((frame) => frame.offsetTop > frames[0].offsetTop);
  return next < 0 ? frames.length : next;
}

film.addEventListener("keydown", (event) => {
  const link = event.target.closest(".film__link");
  if (!link || event.ctrlKey || event.metaKey || event.altKey) return;
  const all = links();
  const at = all.indexOf(link);
  if (event.key === " ") {
    event.preventDefault();
    link.closest(".film__frame").querySelector(".film__select").click();
    return;
  }
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at + perRow(), ArrowUp: at - perRow(), Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  const target = all[Math.max(0, Math.min(to, all.length - 1))];
  stopAt(target);
  target.focus();
});

document.addEventListener("click", (event) => {
  const step = event.target.closest("[data-film-step]");
  if (step) {
    const all = links();
    const at = all.findIndex((link) => link.hasAttribute("aria-current"));
    const target = all[at + Number(step.dataset.filmStep)];
    target?.scrollIntoView({ block: "nearest", inline: "nearest" });
    target?.click();
    return;
  }
  const grid = event.target.closest("[data-film-all]");
  if (!grid) return;
  const on = film.classList.toggle("is-grid");
  grid.setAttribute("aria-pressed", String(on));
});

new MutationObserver((changes) => {
  for (const { addedNodes } of changes) for (const node of addedNodes) if (node.classList?.contains("film__frame")) leaveOut(node);
  settle();
}).observe(film, { childList: true, subtree: true, attributes: true, attributeFilter: ["aria-current"] });
photos().forEach(leaveOut);
settle();
