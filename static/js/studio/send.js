// One file to the server, with progress (fetch cannot tell how much is sent). Resolves to {status, text, json}.
import { studio, token } from "./page.js";
import { fill, gettext } from "../texts.js";

export function send({ file, name, at }, { progress, signal }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("image", file, name);
    body.append("at", at);
    request.open("POST", studio.dataset.uploadUrl);
    request.setRequestHeader("X-CSRFToken", token());
    request.setRequestHeader("HX-Request", "true");
    request.setRequestHeader("HX-Current-URL", location.href);
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded, event.total);
    request.onload = () => resolve({ status: request.status, text: request.responseText });
    request.onerror = () => reject(new Error("connection"));
    request.onabort = () => reject(new DOMException("stopped", "AbortError"));
    signal.addEventListener("abort", () => request.abort());
    request.send(body);
  });
}

// Why a file is not even sent, in words; nothing for one that may go.
export function refusal(file) {
  const largest = Number(studio.dataset.maxBytes);
  if (file.size === 0) return gettext("The file is empty.");
  if (file.size > largest) return fill(gettext("The file has %(size)s MB; at most %(largest)s MB are possible."), { size: (file.size / 1e6).toFixed(1), largest: largest / 1e6 });
  if (/^(video|audio|text)\//.test(file.type) || /^application\/(pdf|zip|json|msword|x-msdownload)/.test(file.type)) return gettext("This is not a photo. Send JPEG, PNG, WebP, AVIF, HEIC, TIFF, BMP or GIF.");
  return "";
}
