// The before/after slider: a range input moves the edge; the pointer drags it anywhere on the picture.
function move(range) {
  range.closest("[data-compare]").style.setProperty("--at", `${range.value}%`);
}

function toPointer(event, range) {
  const box = range.getBoundingClientRect();
  range.value = String(((event.clientX - box.left) / box.width) * 100);
  move(range);
}

document.addEventListener("input", (event) => {
  if (event.target.matches?.(".compare__range")) move(event.target);
});

// a range input jumps by its thumb's width at the ends: the pointer is followed exactly instead
document.addEventListener("pointerdown", (event) => {
  const range = event.target;
  if (!range.matches?.(".compare__range") || event.button !== 0) return;
  event.preventDefault();
  range.focus({ focusVisible: false });
  range.setPointerCapture(event.pointerId);
  toPointer(event, range);
});
document.addEventListener("pointermove", (event) => {
  const range = event.target;
  if (range.matches?.(".compare__range") && range.hasPointerCapture(event.pointerId)) toPointer(event, range);
});

// The photo before lies where its pixels are on the image after, so that both sides of the edge match.
export function lay(compare) {
  const frame = compare.dataset.frame?.split(" ").filter(Boolean) ?? [];
  const photo = compare.querySelector(".compare__photo");
  photo.toggleAttribute("data-laid", frame.length === 4);
  ["left", "top", "width", "height"].forEach((side, at) => frame.length === 4 && (photo.style[side] = `${frame[at]}%`));
}

function start(root) {
  const found = [...(root.querySelectorAll?.("[data-compare]") ?? [])];
  if (root.matches?.("[data-compare]")) found.push(root);
  found.forEach(lay);
  for (const range of root.querySelectorAll?.(".compare__range") ?? []) move(range);
}
start(document);
document.addEventListener("htmx:load", (event) => start(event.detail.elt));
