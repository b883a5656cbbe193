// BASE, KEY and IMAGE are set. Prints the address of each image, then the credits that are left.
const { BASE, KEY, IMAGE } = process.env;
const json = { "Content-Type": "application/json" };

const made = await fetch(`${BASE}/api/token`, { method: "POST", headers: json, body: JSON.stringify({ key: KEY }) });
const { access_token: first } = await made.json();
const renewed = await fetch(`${BASE}/api/refresh`, { method: "POST", headers: { ...json, Authorization: `Bearer ${first}` } });
const { access_token: token } = await renewed.json();
const headers = { ...json, Authorization: `Bearer ${token}` };

async function remove(fields) {
  const body = JSON.stringify({ input_image: IMAGE, ...fields });
  const answer = await fetch(`${BASE}/api/v1/image/remove-background`, { method: "POST", headers, body });
  if (!answer.ok) throw new Error(await answer.text());
  console.log((await answer.json()).data.output_image);
}

await remove({});
await remove({ output_format: "jpg", bg_color: "#ff0000" });
for (const gradient_direction of ["vertical", "horizontal", "diagonal-tl-br", "diagonal-bl-tr"]) {
  await remove({ output_format: "jpg", bg_gradient: "#000000:#ffffff", gradient_direction });
}
console.log((await (await fetch(`${BASE}/api/v1/user/credits`, { headers })).json()).credits);
