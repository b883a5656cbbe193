// While images are chosen, a click on a picture chooses it too; in the enlarged view the arrow keys go on to the next.
const lightbox = document.getElementById("lightbox");
let shown = null;

document.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest(".library-grid a[data-zoom]");
    if (!link || event.detail === 0) return; // the Enter key always enlarges
    if (!document.querySelector(".library-grid .row-select:checked")) {
      shown = link;
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    const box = link.closest(".shot").querySelector(".row-select");
    box.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey: event.shiftKey }));
  },
  true,
);

document.addEventListener("click", (event) => {
  const link = event.target.closest(".library-grid a[data-zoom]");
  if (link) shown = link;
});

// a download leaves the page where it is: its dialog is done
document.addEventListener("submit", (event) => {
  if (event.submitter?.hasAttribute("data-closes-dialog")) setTimeout(() => event.target.closest("dialog")?.close(), 200);
});

lightbox?.addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1, j: 1, k: -1 }[event.key];
  if (!step || !shown?.isConnected) return;
  const links = [...document.querySelectorAll(".library-grid a[data-zoom]")];
  const next = links[links.indexOf(shown) + step];
  if (!next) return;
  event.preventDefault();
  shown = next;
  next.scrollIntoView({ block: "nearest" });
  next.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
});
