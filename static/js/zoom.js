// a[data-zoom]: the link's image opens large instead of leaving the page; a click shows its true pixels.
const dialog = document.getElementById("lightbox");
const view = dialog?.querySelector(".lightbox__view");

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-zoom]");
  if (!link || !dialog || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  const image = document.createElement("img");
  image.className = "checker";
  image.src = link.href;
  image.alt = link.dataset.zoom || link.querySelector("img")?.alt || "";
  dialog.querySelector(".truncate").textContent = image.alt;
  view.classList.remove("is-full");
  view.replaceChildren(image);
  dialog.showModal();
});

view?.addEventListener("click", () => view.classList.toggle("is-full"));
dialog?.addEventListener("close", () => view.replaceChildren());
