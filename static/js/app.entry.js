// The staff's script: one file, built from these small ones.
import htmx from "./security.js";
import "./requests.js";
import "./keys.js";
import "./autosave.js";
import { wireChoosers } from "./choose.js";
import { startClocks } from "./elapsed.js";
import { listen } from "./live.js";
import { watchToast } from "./say.js";
import "./screens.js";

window.htmx = htmx;

const wire = () => {
  wireChoosers();
  watchToast();
};
wire();
startClocks();
listen();
document.addEventListener("htmx:after:swap", wire);
document.querySelector("[data-print-now]") && window.print();
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
// A field or choice that sends its form by itself.
document.addEventListener("change", (event) => {
  if (event.target.closest("[data-submits-form]")) event.target.form?.requestSubmit();
});
