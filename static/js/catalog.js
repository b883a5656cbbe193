// Pictures of shops are fetched when they are first looked at, a few at a time: one that was told to wait asks again.
const MOST = 6;

function again(image) {
  const address = image.getAttribute("src") ?? "";
  const tries = Number(image.dataset.tries ?? 0) + 1;
  if (!address.includes("/catalog/pictures/") || tries > MOST) return;
  image.dataset.tries = String(tries);
  setTimeout(
    () => {
      image.removeAttribute("src");
      image.src = address;
    },
    500 * 2 ** (tries - 1) * (1 + Math.random()),
  );
}

document.addEventListener("error", (event) => event.target instanceof HTMLImageElement && again(event.target), true);
// Those that were told so before this script ran.
for (const image of document.images) if (image.complete && !image.naturalWidth) again(image);
