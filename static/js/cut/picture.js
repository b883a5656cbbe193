// What is seen: the photo with what is cut away shaded, or the cut-out on the checkerboard.
export const frame = document.getElementById("cut-photo");
export const photoSize = { width: Number(frame.dataset.width), height: Number(frame.dataset.height) };

const canvas = document.getElementById("cut-picture");
const context = canvas.getContext("2d");
const photo = new Image();
const SHADE = "oklch(0.45 0.2 20)";
const STRENGTH = 0.6;
let kept = null; // the mask as alpha
let newest = 0;
let view = "overlay";

export async function load() {
  photo.src = frame.dataset.photo;
  await photo.decode();
  canvas.width = photo.naturalWidth;
  canvas.height = photo.naturalHeight;
  draw();
}

export function show(chosen) {
  view = chosen;
  draw();
}

// Whether it was still the newest mask when it had been loaded. An empty address is an empty cut.
export async function setMask(address) {
  const mine = ++newest;
  const mask = new Image();
  if (address) {
    mask.src = address;
    try {
      await mask.decode();
    } catch {
      return false; // replaced meanwhile
    }
  }
  if (mine !== newest) return false;
  kept = address ? asAlpha(mask) : sheet();
  draw();
  return true;
}

export const forget = () => newest++;

function sheet() {
  return new OffscreenCanvas(canvas.width, canvas.height);
}

function asAlpha(mask) {
  const made = sheet();
  const its = made.getContext("2d", { willReadFrequently: true });
  its.drawImage(mask, 0, 0, made.width, made.height);
  const pixels = its.getImageData(0, 0, made.width, made.height);
  const values = pixels.data;
  for (let at = 0; at < values.length; at += 4) values[at + 3] = values[at];
  its.putImageData(pixels, 0, 0);
  return made;
}

function draw() {
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.drawImage(photo, 0, 0, canvas.width, canvas.height);
  if (!kept) return;
  if (view === "cut") {
    context.globalCompositeOperation = "destination-in";
    context.drawImage(kept, 0, 0);
  } else {
    const shade = sheet();
    const its = shade.getContext("2d");
    its.fillStyle = SHADE;
    its.fillRect(0, 0, shade.width, shade.height);
    its.globalCompositeOperation = "destination-out";
    its.drawImage(kept, 0, 0);
    context.globalAlpha = STRENGTH;
    context.drawImage(shade, 0, 0);
  }
  context.globalAlpha = 1;
  context.globalCompositeOperation = "source-over";
}
