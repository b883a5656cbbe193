// Pointing: clicks, strokes, the cross of the keyboard, and the marks that were made, drawn over the picture.
import { add, all, whenChanged } from "./marks.js";
import { photoSize } from "./picture.js";

const form = document.getElementById("cut-form");
const surface = document.getElementById("cut-surface");
const context = surface.getContext("2d");
const COLOURS = { true: "#16a34a", false: "#dc2626" };
const MOVED = 6; // pixels on the screen from which a press is no click any more
let stroke = null;
let pressed = null;
let pointer = null; // where the brush hangs, in pixels of the photo
let cross = null;

const brush = () => form.elements.way.value === "brush";
const keeps = () => form.elements.kind.value === "keep";
const scale = () => photoSize.width / surface.getBoundingClientRect().width; // photo pixels in one of the screen's
const radius = () => (Number(form.elements.size.value) / 2) * scale();

function at(event) {
  const box = surface.getBoundingClientRect();
  const x = ((event.clientX - box.left) / box.width) * photoSize.width;
  const y = ((event.clientY - box.top) / box.height) * photoSize.height;
  return [tenth(x), tenth(y)];
}

const tenth = (value) => Math.round(value * 10) / 10;
const inside = ([x, y]) => x >= 0 && y >= 0 && x < photoSize.width && y < photoSize.height;

function click(point) {
  if (inside(point)) add({ keep: keeps(), points: [point] });
}

surface.addEventListener("pointerdown", (event) => {
  if (event.button !== 0 || !event.isPrimary) return;
  if (!brush()) {
    pressed = [event.clientX, event.clientY];
    return;
  }
  event.preventDefault();
  surface.focus({ preventScroll: true });
  surface.setPointerCapture(event.pointerId);
  stroke = { keep: keeps(), points: [at(event)], radius: tenth(radius()) };
  redraw();
});

surface.addEventListener("pointermove", (event) => {
  pointer = at(event);
  if (stroke) {
    const last = stroke.points.at(-1);
    if (Math.hypot(pointer[0] - last[0], pointer[1] - last[1]) >= Math.max(1, stroke.radius / 4)) stroke.points.push(pointer);
  }
  if (brush()) redraw();
});

surface.addEventListener("pointerup", (event) => {
  if (stroke) {
    const finished = stroke;
    stroke = null;
    add(finished);
  } else if (pressed && Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]) < MOVED) click(at(event));
  pressed = null;
});

surface.addEventListener("pointercancel", () => {
  stroke = pressed = null;
  redraw();
});

surface.addEventListener("pointerleave", () => {
  pointer = null;
  redraw();
});

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
surface.addEventListener("keydown", (event) => {
  const step = STEPS[event.key];
  cross ??= [photoSize.width / 2, photoSize.height / 2];
  if (step) {
    event.preventDefault();
    const length = (event.shiftKey ? 24 : 4) * scale();
    cross = [0, 1].map((axis) => Math.min([photoSize.width, photoSize.height][axis] - 1, Math.max(0, tenth(cross[axis] + step[axis] * length))));
  } else if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    if (brush()) add({ keep: keeps(), points: [cross], radius: tenth(radius()) });
    else click(cross);
  } else return;
  redraw();
});
surface.addEventListener("blur", () => {
  cross = null;
  redraw();
});

export function redraw() {
  const box = surface.getBoundingClientRect();
  const dense = window.devicePixelRatio || 1;
  surface.width = Math.round(box.width * dense);
  surface.height = Math.round(box.height * dense);
  surface.classList.toggle("is-brush", brush());
  const ratio = surface.width / photoSize.width;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  for (const mark of all()) if (!mark.radius) pin(mark.points[0], mark.keep, dense / ratio);
  if (stroke) trail(stroke);
  if (brush() && pointer && !stroke) ring(pointer, radius(), dense / ratio);
  if (cross) aim(cross, dense / ratio);
}

function pin([x, y], keep, pixel) {
  context.beginPath();
  context.arc(x, y, 8 * pixel, 0, 2 * Math.PI);
  context.fillStyle = COLOURS[keep];
  context.strokeStyle = "#fff";
  context.lineWidth = 2 * pixel;
  context.fill();
  context.stroke();
  context.beginPath();
  context.moveTo(x - 4 * pixel, y);
  context.lineTo(x + 4 * pixel, y);
  if (keep) {
    context.moveTo(x, y - 4 * pixel);
    context.lineTo(x, y + 4 * pixel);
  }
  context.stroke();
}

function trail({ keep, points, radius: reach }) {
  context.globalAlpha = 0.5;
  context.strokeStyle = COLOURS[keep];
  context.lineWidth = 2 * reach;
  context.lineCap = context.lineJoin = "round";
  context.beginPath();
  context.moveTo(...points[0]);
  for (const point of points.length > 1 ? points.slice(1) : points) context.lineTo(...point);
  context.stroke();
  context.globalAlpha = 1;
}

function ring([x, y], reach, pixel) {
  for (const [colour, width] of [["#000", 3], ["#fff", 1.5]]) {
    context.beginPath();
    context.arc(x, y, reach, 0, 2 * Math.PI);
    context.strokeStyle = colour;
    context.lineWidth = width * pixel;
    context.stroke();
  }
}

function aim([x, y], pixel) {
  for (const [colour, width] of [["#000", 4], ["#fff", 2]]) {
    context.beginPath();
    for (const [dx, dy] of [[1, 0], [0, 1]]) {
      context.moveTo(x - 14 * dx * pixel, y - 14 * dy * pixel);
      context.lineTo(x + 14 * dx * pixel, y + 14 * dy * pixel);
    }
    context.strokeStyle = colour;
    context.lineWidth = width * pixel;
    context.stroke();
  }
}

whenChanged(redraw);
