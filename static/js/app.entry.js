// The staff's script: one file, built from these small ones.
import htmx from "./security.js";
import "./requests.js";
import "./menus.js";
import "./autosave.js";
import "./pages.js";
import { wireChoosers } from "./choose.js";
import { startClocks } from "./elapsed.js";
import { wireRoving } from "./keys.js";
import { listen } from "./live.js";
import { tellNews, watchToast } from "./say.js";
import "./screens.js";

window.htmx = htmx;

const wire = () => {
  wireChoosers();
  wireRoving();
  watchToast();
  tellNews();
};
wire();
startClocks();
listen();
document.addEventListener("htmx:after:swap", wire);
if (document.querySelector("[data-print-now]")) window.print();
