// The code beside the form, made anew on every change.
import { curl } from "./code/curl.js";
import { javascript } from "./code/javascript.js";
import { php } from "./code/php.js";
import { python } from "./code/python.js";
import { byId } from "./element.js";
import { A_KEY, PLACEHOLDER } from "./request.js";
import { tintCode } from "./tint.js";
import { fill, gettext } from "../texts.js";

const WRITERS = { curl, python, javascript, php };
const REMEMBERED = "tester-language";
const NOTES = { curl: gettext("For a POSIX shell."), python: gettext("Needs the package requests."), javascript: gettext("Node.js 20 or newer."), php: gettext("Needs the curl extension.") };

const chosen = () => document.querySelector("input[name=language]:checked").value;

// A call without a key is written without one; else the key shows only where it is asked for.
export function showCode(call) {
  const shown = byId("tester-show-key").checked;
  const { header, prefix } = call.key;
  const placeholder = [header, prefix + PLACEHOLDER];
  const headers = call.headers.map(([name, value]) => (call.keyed && name === header && !shown ? placeholder : [name, value]));
  if (call.needsKey) headers.unshift(placeholder);
  const code = WRITERS[chosen()]({ ...call, headers });
  const safe = shown ? code : code.replace(A_KEY, PLACEHOLDER);
  const masked = safe.includes(PLACEHOLDER);
  tintCode(byId("tester-code"), safe);
  const files = call.body?.parts?.some((part) => part.file) ? gettext(" Run it in the folder of the file.") : "";
  byId("tester-code-note").textContent = (masked ? fill(gettext("Put your key in place of %(placeholder)s."), { placeholder: PLACEHOLDER }) : NOTES[chosen()]) + files;
}

export function startCode(changed) {
  const kept = localStorage.getItem(REMEMBERED);
  const radio = kept && document.querySelector(`input[name=language][value="${CSS.escape(kept)}"]`);
  if (radio) radio.checked = true;
  document.addEventListener("change", (event) => {
    if (event.target.name === "language") localStorage.setItem(REMEMBERED, event.target.value);
    if (event.target.name === "language" || event.target.id === "tester-show-key") changed();
  });
}
