// What is sent, as plain data: the one thing that both the sender and the code are made from.
// {method, path, url, headers: [[name, value]], body: null | {parts: [{name, value} | {name, file}]} | {json}, blocked, at}
import { asJson, fields, form, isEmpty, lines, read } from "./fields.js";
import { fill as say, gettext } from "../texts.js";

const HEADER = /^[\x20-\x7e]*$/;
const KEY = /^[\x21-\x7e]+$/;
export const A_KEY = /ps_(?:live|test)_[0-9A-Za-z]+/g; // wherever one was typed: some calls take it as a field
export const PLACEHOLDER = "<YOUR_API_KEY>";
const whole = (text) => text.toWellFormed?.() ?? text;

function address(key) {
  const { path, legacy, needsKey } = form().dataset;
  return !key && needsKey === "yes" && legacy ? legacy : path;
}

export function endpoint(key) {
  return `${form().dataset.method} ${address(key)}`;
}

function body(view) {
  const { formType } = form().dataset;
  if (!formType) return null;
  if (view.json) return { json: view.text };
  const given = fields().filter((field) => field.dataset.place === "body" && !isEmpty(read(field)));
  if (formType === "application/json") {
    const value = Object.fromEntries(given.map((field) => [field.dataset.name, asJson(field, read(field))]));
    return { json: JSON.stringify(value, null, 2) };
  }
  const parts = given.flatMap((field) => {
    const value = read(field);
    const { name, control } = field.dataset;
    if (control === "file") return value.map((file) => ({ name, file }));
    if (control === "checks") return value.map((each) => ({ name, value: each }));
    if (control === "lines") return lines(value).map((each) => ({ name, value: whole(each) }));
    return [{ name, value: whole(value) }];
  });
  return parts.length ? { parts } : null;
}

// `key`: as pasted. `view`: {json: whether the JSON view is open, text}.
export function build(key, view) {
  const { method, server, needsKey, keyHeader, keyPrefix } = form().dataset;
  let path = address(key);
  let blocked = "";
  let at = "";
  const stop = (why, where = "") => {
    if (!blocked) [blocked, at] = [why, where];
  };
  const missing = !key && needsKey === "yes" && path === form().dataset.path;
  if (missing) stop(gettext("This call needs an API key."));
  if (key && !KEY.test(key)) stop(gettext("The key has characters that no key has. Paste it again."), "key");
  const query = new URLSearchParams();
  const headers = [];
  const keyed = needsKey === "yes" && Boolean(key);
  if (keyed) headers.push([keyHeader, keyPrefix + key]);
  for (const field of fields()) {
    const { place, name, control } = field.dataset;
    const value = place === "body" ? "" : read(field);
    const sent = place !== "body" || !view.json;
    if (sent && field.querySelector("input[type=number]")?.validity.badInput) stop(say(gettext("%(name)s is not a number."), { name }), field.dataset.field);
    if (place === "path") {
      if (!value.trim()) stop(say(gettext("Fill in %(name)s first."), { name }), field.dataset.field);
      path = path.replace(`{${name}}`, value.trim() ? encodeURIComponent(whole(value.trim())) : `{${name}}`);
    } else if (place === "query") {
      const several = control === "checks" ? value : control === "lines" ? lines(value) : isEmpty(value) ? [] : [value];
      for (const each of several) query.append(name, whole(each));
    } else if (place === "header" && !isEmpty(value)) {
      if (!HEADER.test(value)) stop(say(gettext("%(name)s goes into a header, which holds plain ASCII characters alone."), { name }), field.dataset.field);
      headers.push([name, value.trim()]);
    }
  }
  const found = body(view);
  if (found?.json !== undefined) headers.push(["Content-Type", "application/json"]);
  const target = query.size ? `${path}?${query}` : path;
  return { id: form().dataset.call, method, path, target, url: server + target, headers, body: found, blocked, at, keyed, needsKey: missing, key: { header: keyHeader, prefix: keyPrefix }, images: form().dataset.images === "yes" };
}
