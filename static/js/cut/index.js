// Refine the cut. marks: what was said and taken back; surface: pointing; picture: what is seen; preview: the mask.
import "./surface.js";
import "./tools.js";
import { start } from "./preview.js";
import { load } from "./picture.js";

await load();
start();
