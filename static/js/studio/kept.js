// Files that are not sent yet, kept by the browser (IndexedDB) so that a reload loses nothing.
// A row: {id, owner, name, file} or, once refused, {id, owner, name, size, refusal}.
import { studio } from "./page.js";

const owner = studio.dataset.owner;

const opened = new Promise((resolve, reject) => {
  const request = indexedDB.open("packshot-studio", 1);
  request.onupgradeneeded = () => request.result.createObjectStore("files", { keyPath: "id" }).createIndex("owner", "owner");
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
opened.catch(() => {}); // said by each use instead

async function ask(mode, what) {
  const store = (await opened).transaction("files", mode).objectStore("files");
  const request = what(store);
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export const keep = (row) => ask("readwrite", (store) => store.put({ ...row, owner }));
export const forget = (id) => ask("readwrite", (store) => store.delete(id));
// only this person's in this organization: another one at the same browser has nothing to do with them
export const kept = () => ask("readonly", (store) => store.index("owner").getAll(owner));
