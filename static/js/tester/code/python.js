// A JSON string is a Python string too.
const text = (value) => JSON.stringify(value).replaceAll("\x7f", "\\x7f");

export function python(call) {
  const { body } = call;
  const lines = [`    ${text(call.url)},`];
  if (call.headers.length) {
    lines.push("    headers={", ...call.headers.map(([name, value]) => `        ${text(name)}: ${text(value)},`), "    },");
  }
  if (body?.parts) {
    const part = ({ name, value, file }) => (file ? `(${text(name)}, (${text(file.name)}, open(${text(file.name)}, "rb")))` : `(${text(name)}, (None, ${text(value)}))`);
    lines.push("    files=[", ...body.parts.map((each) => `        ${part(each)},`), "    ],");
  } else if (body) lines.push(`    data=${text(body.json)}.encode(),`);
  return `import requests  # pip install requests

answer = requests.${call.method.toLowerCase()}(
${lines.join("\n")}
)
print(answer.status_code)
if answer.headers.get("Content-Type", "").startswith("image/"):
    open("answer-image", "wb").write(answer.content)
else:
    print(answer.text)
`;
}
