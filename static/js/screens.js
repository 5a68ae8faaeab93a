// What a single screen needs beyond the shared behaviour: one import a screen.
import "./desk.js";
import "./visit.js";
import "./steps.js";
