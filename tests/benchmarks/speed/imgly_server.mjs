// IMG.LY's background removal behind the same tiny HTTP interface as the other contestants of `make bench`:
// POST / with a photo, the cut-out as PNG back. node imgly_server.mjs PORT FOLDER_OF_NODE_MODULES
import http from "node:http";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [port, folder] = process.argv.slice(2);
const installed = createRequire(path.join(path.resolve(folder), "package.json"));
const entry = installed.resolve("@imgly/background-removal-node");
const { removeBackground } = await import(pathToFileURL(entry).href);
const settings = {
  publicPath: pathToFileURL(path.dirname(entry)).href + "/",
  model: "medium",
  output: { format: "image/png" },
};

http
  .createServer(async (request, response) => {
    try {
      const parts = [];
      for await (const part of request) parts.push(part);
      const photo = new Blob([Buffer.concat(parts)], { type: "image/jpeg" });
      const image = await removeBackground(photo, settings);
      response.end(Buffer.from(await image.arrayBuffer()));
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  })
  .listen(Number(port), "127.0.0.1");
