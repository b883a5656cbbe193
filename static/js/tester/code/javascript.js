const text = (value) => JSON.stringify(value).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");

export function javascript(call) {
  const { body } = call;
  const before = [];
  const options = [`  method: ${text(call.method)},`];
  if (call.headers.length) options.push("  headers: {", ...call.headers.map(([name, value]) => `    ${text(name)}: ${text(value)},`), "  },");
  if (body?.parts) {
    before.push("const form = new FormData();");
    for (const { name, value, file } of body.parts) {
      before.push(file ? `form.append(${text(name)}, new Blob([await readFile(${text(file.name)})]), ${text(file.name)});` : `form.append(${text(name)}, ${text(value)});`);
    }
    before.push("");
    options.push("  body: form,");
  } else if (body) options.push(`  body: ${text(body.json)},`);
  const reads = before.some((line) => line.includes("readFile(")) ? "readFile, writeFile" : "writeFile";
  return `// Node.js 20 or newer; save it as call.mjs
import { ${reads} } from "node:fs/promises";

${before.length ? `${before.join("\n")}\n` : ""}const answer = await fetch(${text(call.url)}, {
${options.join("\n")}
});
console.log(answer.status);
if ((answer.headers.get("Content-Type") ?? "").startsWith("image/")) {
  await writeFile("answer-image", Buffer.from(await answer.arrayBuffer()));
} else {
  console.log(await answer.text());
}
`;
}
