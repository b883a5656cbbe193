// In a .selectable: .row-select checkboxes, one .select-all, a range with Shift, a count in .action-bar__count.
// data-one / data-many on the count give its words ("{n} photos"). Escape clears the selection.
let last = null;

function boxes(area) {
  return [...area.querySelectorAll(".row-select")];
}

function count(area) {
  const list = boxes(area);
  const chosen = list.filter((box) => box.checked).length;
  for (const element of area.querySelectorAll(".action-bar__count")) {
    const pattern = (chosen === 1 ? element.dataset.one : element.dataset.many) ?? "{n} selected";
    element.textContent = pattern.replace("{n}", chosen.toLocaleString("en"));
  }
  const every = area.querySelector(".select-all");
  if (every) {
    every.checked = chosen > 0 && chosen === list.length;
    every.indeterminate = chosen > 0 && chosen < list.length;
  }
}

function clear(area) {
  for (const box of boxes(area)) box.checked = false;
  count(area);
}

document.addEventListener("click", (event) => {
  const area = event.target.closest?.(".selectable");
  if (!area) return;
  if (event.target.closest("[data-clear-selection]")) {
    clear(area);
    return;
  }
  const box = event.target.closest(".row-select");
  if (!box) return;
  const list = boxes(area);
  if (event.shiftKey && last && list.includes(last)) {
    const [from, to] = [list.indexOf(last), list.indexOf(box)].sort((a, b) => a - b);
    for (const between of list.slice(from, to + 1)) between.checked = box.checked;
  }
  last = box;
  count(area);
});

document.addEventListener("change", (event) => {
  const area = event.target.closest?.(".selectable");
  if (!area) return;
  if (event.target.matches(".select-all")) for (const box of boxes(area)) box.checked = event.target.checked;
  count(area);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog:modal, :popover-open")) return;
  for (const area of document.querySelectorAll(".selectable:has(.row-select:checked)")) clear(area);
});

document.addEventListener("htmx:load", (event) => {
  const area = event.detail.elt.closest?.(".selectable");
  if (area) count(area);
});
