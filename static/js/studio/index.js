// The Studio. Each module does one thing; what is to be seen comes from the server as HTML.
import "./strip.js";
import "./keys.js";
import "./preview.js";
import "./form.js";
import { begin } from "./uploads.js";
import { takeUp } from "./drop.js";

begin().then(takeUp);
