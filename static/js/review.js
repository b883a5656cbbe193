// Review by keys: B shows the photo before, the arrows go on; the next image is fetched while this one is looked at.
function preload() {
  const address = document.getElementById("review")?.dataset.preload;
  if (address) new Image().src = address;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest("input, textarea, select") || document.querySelector("dialog:modal, :popover-open")) return;
  const step = document.querySelector(`[data-arrow="${CSS.escape(event.key)}"]`);
  if (step) {
    event.preventDefault();
    step.click();
    return;
  }
  const before = document.querySelector("[data-review-before]");
  if (event.key !== "b" || !before) return;
  const after = document.querySelector(".review__views [value=after]");
  (before.checked ? after : before).click();
});

// what is shown stays chosen from image to image
function recall() {
  const kept = sessionStorage.getItem("review-view");
  const choice = kept && document.querySelector(`.review__views [value="${CSS.escape(kept)}"]`);
  if (choice) choice.checked = true;
}

document.addEventListener("change", (event) => {
  if (event.target.matches(".review__views input")) sessionStorage.setItem("review-view", event.target.value);
});

function start() {
  recall();
  preload();
}
start();
document.addEventListener("htmx:load", start);
