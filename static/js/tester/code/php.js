// Single quotes know two escapes and nothing else; control characters need double quotes.
function text(value) {
  if (!/[\x00-\x1f\x7f]/.test(value)) return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const named = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
  const control = (sign) => named[sign] ?? `\\x${sign.charCodeAt(0).toString(16).padStart(2, "0")}`;
  return `"${value.replace(/[\\"$]/g, "\\$&").replace(/[\x00-\x1f\x7f]/g, control)}"`;
}

// An array has each name once, so a name that comes twice needs a body written by hand.
function multipart(parts) {
  const names = parts.map((part) => part.name);
  if (new Set(names).size === names.length) {
    const value = (part) => (part.file ? `new CURLFile(${text(part.file.name)}, null, ${text(part.file.name)})` : text(part.value));
    return { before: "", headers: [], fields: `[\n${parts.map((part) => `    ${text(part.name)} => ${value(part)},`).join("\n")}\n]` };
  }
  const row = (part) => (part.file ? `[${text(part.name)}, file_get_contents(${text(part.file.name)}), ${text(part.file.name)}],` : `[${text(part.name)}, ${text(part.value)}, null],`);
  const before = `$boundary = bin2hex(random_bytes(16));
$body = '';
$parts = [
${parts.map((part) => `    ${row(part)}`).join("\n")}
];
foreach ($parts as [$name, $content, $file]) {
    $body .= "--$boundary\\r\\nContent-Disposition: form-data; name=\\"$name\\"";
    $body .= $file === null ? '' : '; filename="' . str_replace(['"', "\\r", "\\n"], ['%22', '%0D', '%0A'], $file) . '"';
    $body .= "\\r\\n\\r\\n$content\\r\\n";
}
$body .= "--$boundary--\\r\\n";

`;
  return { before, headers: ['"Content-Type: multipart/form-data; boundary=$boundary"'], fields: "$body" };
}

export function php(call) {
  const { body } = call;
  const form = body?.parts ? multipart(body.parts) : { before: "", headers: [], fields: body ? text(body.json) : "" };
  const headers = [...call.headers.map(([name, value]) => text(`${name}: ${value}`)), ...form.headers];
  const lines = ["curl_setopt($call, CURLOPT_RETURNTRANSFER, true);"];
  if (call.method !== "GET") lines.push(`curl_setopt($call, CURLOPT_CUSTOMREQUEST, ${text(call.method)});`);
  if (headers.length) lines.push(`curl_setopt($call, CURLOPT_HTTPHEADER, [\n${headers.map((line) => `    ${line},`).join("\n")}\n]);`);
  if (form.fields) lines.push(`curl_setopt($call, CURLOPT_POSTFIELDS, ${form.fields});`);
  return `<?php
${form.before}$call = curl_init(${text(call.url)});
${lines.join("\n")}
$answer = curl_exec($call);
if ($answer === false) {
    exit(curl_error($call) . PHP_EOL);
}
echo curl_getinfo($call, CURLINFO_RESPONSE_CODE), PHP_EOL;
if (str_starts_with((string) curl_getinfo($call, CURLINFO_CONTENT_TYPE), 'image/')) {
    file_put_contents('answer-image', $answer);
} else {
    echo $answer, PHP_EOL;
}
`;
}
