// The answer card: waiting, failed, or what came back.
import { byId, bytes, make, span } from "./element.js";
import { controlOf, errorsOf, showErrors, showKeyError } from "./errors.js";
import { tintJson } from "./tint.js";
import { inWords, statusWords } from "./words.js";
import { fill, gettext } from "../texts.js";

const IMAGE = /\.(jpe?g|png|webp|avif|gif)$/i;
const JOB = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
let objectUrl = "";
let clock = 0;
let drawn = 0; // a newer answer overtakes one that is still being read

function only(id) {
  for (const each of ["answer-none", "answer-busy", "answer-failed", "answer-done"]) byId(each).hidden = each !== id;
  byId("answer-facts").hidden = byId("answer-tools").hidden = id !== "answer-done";
  if (id !== "answer-busy") clearInterval(clock);
}

const say = (words) => (byId("answer-said").textContent = words);

export function showBusy(weight) {
  const started = performance.now();
  only("answer-busy");
  drawn += 1;
  byId("answer-busy-words").textContent = weight > 2000 ? fill(gettext("Sending %(size)s, then waiting for the answer"), { size: bytes(weight) }) : gettext("Waiting for the answer");
  const tick = () => (byId("answer-busy-time").textContent = `${((performance.now() - started) / 1000).toFixed(1)} s`);
  tick();
  clock = setInterval(tick, 100);
  say(gettext("Sending."));
}

export function showFailed(title, text) {
  only("answer-failed");
  byId("answer-failed-title").textContent = title;
  byId("answer-failed-text").textContent = text;
}

export function showNone() {
  only("answer-none");
  drawn += 1;
}

function images(body) {
  const found = [body?.output?.url, ...(body?.outputs ?? []).map?.((each) => each?.url) ?? [], body?.data?.output_image, body?.url];
  return found.filter((url) => typeof url === "string" && URL.canParse(url) && new URL(url).origin === location.origin && IMAGE.test(new URL(url).pathname));
}

// `size`: width and height as they are known beforehand, so that nothing jumps when the picture arrives.
function showImage(url, caption, size) {
  const figure = byId("answer-image");
  figure.hidden = !url;
  const image = figure.querySelector("img");
  if (!url) return image.removeAttribute("src");
  for (const name of ["width", "height"]) {
    if (size?.[name] > 0) image.setAttribute(name, String(Number(size[name])));
    else image.removeAttribute(name);
  }
  image.src = url;
  figure.querySelector("a").href = url;
  figure.querySelector("figcaption").textContent = caption;
}

function links(answer, body) {
  const row = byId("answer-links");
  const job = body?.jobId ?? answer.header("X-Job-Id");
  const found = [];
  if (answer.keyed && typeof job === "string" && JOB.test(job)) found.push(make("a", { href: `/jobs/${job}/`, class: "button button--small", text: gettext("Open the job") }));
  for (const url of images(body)) found.push(make("a", { href: url, class: "button button--small", target: "_blank", rel: "noopener", text: gettext("Open the image") }));
  const id = answer.header("X-Request-Id");
  if (id) found.push(make("span", { class: "caption tester-answer__id" }, [gettext("Request "), make("code", { class: "inline", id: "answer-request-id", text: id })]));
  row.replaceChildren(...found);
  row.hidden = !found.length;
}

function problem(answer, body, beside) {
  const refused = answer.status >= 400;
  byId("answer-problem").hidden = !refused;
  showKeyError("");
  if (!refused) return;
  byId("answer-problem-title").textContent = body?.title ?? statusWords(answer);
  byId("answer-problem-text").textContent = body?.detail ?? body?.message ?? (typeof body?.error === "string" ? body.error : "") ?? "";
  const errors = errorsOf(body);
  const left = beside ? showErrors(errors) : errors;
  const there = new Set(errors.filter((error) => !left.includes(error)).map(({ field }) => field));
  byId("answer-problem-fields").replaceChildren(
    ...[...there].map((name) => make("li", {}, [make("a", { href: `#${controlOf(name).id}`, text: fill(gettext("Go to %(name)s"), { name }) })])),
    ...left.filter(({ detail }) => detail !== body.detail).map(({ field, detail }) => make("li", { text: detail.includes(field) ? detail : `${field}: ${detail}` })),
  );
  if (answer.status === 401) showKeyError(body?.detail ?? body?.message ?? gettext("This key was refused."));
}

function download(answer, extension) {
  if (objectUrl) URL.revokeObjectURL(objectUrl);
  objectUrl = URL.createObjectURL(answer.blob);
  const link = byId("answer-download");
  link.href = objectUrl;
  link.download = `answer.${extension}`;
}

function headerList(answer) {
  const rows = [...answer.headers].sort(([a], [b]) => a.localeCompare(b)).flatMap(([name, value]) => [make("dt", { class: "mono", text: name }), make("dd", { class: "mono", text: value })]);
  byId("answer-headers").replaceChildren(...rows);
}

const pretty = (text) => {
  try {
    const value = JSON.parse(text);
    return { value, shown: JSON.stringify(value, null, 2) };
  } catch {
    return { value: null, shown: text };
  }
};

// `beside`: the form is that of the call, so what is wrong is said at its fields.
export async function showAnswer(answer, { beside }) {
  const turn = (drawn += 1);
  const isImage = answer.type.startsWith("image/");
  const text = isImage ? "" : await answer.blob.text();
  if (turn !== drawn) return;
  only("answer-done");
  const json = answer.type.endsWith("json");
  const { value, shown } = json ? pretty(text) : { value: null, shown: text };
  const status = byId("answer-status");
  status.textContent = statusWords(answer);
  status.className = `badge badge--plain badge--${answer.status < 300 ? "success" : answer.status < 400 ? "info" : answer.status < 500 ? "warning" : "danger"}`;
  byId("answer-time").textContent = span(answer.ms);
  byId("answer-size").textContent = bytes(answer.blob.size);
  say(`${statusWords(answer)} after ${span(answer.ms)}.`);
  problem(answer, value, beside);
  byId("answer-words").replaceChildren(...inWords(answer).map((words) => make("li", { text: words })));
  download(answer, isImage ? answer.type.slice(6).replace("jpeg", "jpg") : json ? "json" : "txt");
  const preview = images(value)[0];
  const figures = isImage ? { width: answer.header("X-Image-Width"), height: answer.header("X-Image-Height") } : (value?.output ?? value);
  const output = value?.output;
  showImage(isImage ? objectUrl : preview, output ? `${output.width} × ${output.height}, ${output.format}, ${bytes(output.bytes)}` : answer.type, figures);
  links(answer, value);
  headerList(answer);
  const raw = isImage ? answer.headers.map((pair) => pair.join(": ")).join("\n") : shown;
  byId("answer-raw").value = raw;
  const body = byId("answer-body");
  if (json) tintJson(body, shown);
  else body.textContent = isImage ? `${answer.type}, ${bytes(answer.blob.size)}` : text || gettext("No body.");
  showPart();
}

export function showPart() {
  const headers = document.querySelector("input[name=part]:checked").value === "headers";
  byId("answer-body").hidden = headers;
  byId("answer-headers").hidden = !headers;
}
