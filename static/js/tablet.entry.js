// The feedback tablet: one page, one person at a time, nothing left behind for the next one.
import { start } from "./tablet/screens.js";

const page = document.getElementById("tablet");
if (page) start(page);
