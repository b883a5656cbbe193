// Colours for code and JSON: every piece becomes a text node of its own, so nothing of an answer is read as markup.
const LONGEST = 60_000;
const JSON_PARTS = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const CODE_PARTS = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g;

function piece(kind, text) {
  const span = document.createElement("span");
  span.className = kind;
  span.textContent = text;
  return span;
}

function tint(element, text, pattern, kindOf) {
  if (text.length > LONGEST) {
    element.textContent = text;
    return;
  }
  const nodes = [];
  let last = 0;
  for (const found of text.matchAll(pattern)) {
    if (found.index > last) nodes.push(text.slice(last, found.index));
    nodes.push(piece(kindOf(found), found[1] ?? found[0]));
    last = found.index + (found[1] ?? found[0]).length;
  }
  nodes.push(text.slice(last));
  element.replaceChildren(...nodes);
}

export const tintJson = (element, text) => tint(element, text, JSON_PARTS, ([, string, colon, word]) => (string ? (colon ? "tint-key" : "tint-text") : word ? "tint-word" : "tint-number"));
export const tintCode = (element, text) => tint(element, text, CODE_PARTS, () => "tint-text");
