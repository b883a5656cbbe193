// Places a menu beside its button and moves in it by arrow keys. Opening, closing and Escape are the browser's own.
const GAP = 4;
const EDGE = 8;

function place(menu) {
  const button = menu.opener ?? document.querySelector(`[popovertarget="${menu.id}"]`);
  if (!button) return;
  const at = button.getBoundingClientRect();
  menu.dataset.placed = "";
  menu.style.minWidth = `${Math.max(200, at.width)}px`;
  const { offsetWidth: width, offsetHeight: height } = menu;
  const right = menu.dataset.menu?.includes("end") ? at.right - width : at.left;
  const left = Math.max(EDGE, Math.min(right, window.innerWidth - width - EDGE));
  const fitsBelow = at.bottom + GAP + height <= window.innerHeight - EDGE;
  const above = menu.dataset.menu?.includes("above") ? at.top - GAP - height >= EDGE : !fitsBelow && at.top - GAP - height >= EDGE;
  const top = above ? at.top - GAP - height : Math.min(at.bottom + GAP, Math.max(EDGE, window.innerHeight - height - EDGE));
  menu.style.left = `${left}px`;
  menu.style.top = `${top}px`;
}

function items(menu) {
  return [...menu.querySelectorAll("a[href], button:not(:disabled)")].filter((item) => item.offsetParent !== null);
}

document.addEventListener(
  "toggle",
  (event) => {
    const menu = event.target;
    if (!menu.matches?.(".menu[popover]")) return;
    const open = event.newState === "open";
    document.querySelector(`[popovertarget="${menu.id}"]`)?.setAttribute("aria-expanded", String(open));
    if (!open) return;
    place(menu);
    items(menu)[0]?.focus({ preventScroll: true });
  },
  true,
);

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(".menu[popover]");
  if (!menu || !["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return;
  event.preventDefault();
  const all = items(menu);
  const now = all.indexOf(document.activeElement);
  const next = { ArrowDown: now + 1, ArrowUp: now - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
  all[next % all.length]?.focus();
});

// choosing something that opens a dialog closes the menu first
document.addEventListener("click", (event) => {
  const item = event.target.closest(".menu [data-dialog-open]");
  item?.closest(".menu").hidePopover();
});

function follow() {
  for (const menu of document.querySelectorAll(".menu:popover-open")) place(menu);
}
window.addEventListener("resize", follow);
window.addEventListener("scroll", follow, { capture: true, passive: true });
