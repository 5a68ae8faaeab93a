// "Changed" from the server: the panels that show it fetch their part, at most once a second, never under the hand.
import { liveBack, liveLost, worked } from "./net.js";
import { presses, writing } from "./requests.js";
import htmx, { post } from "./security.js";

const GAP = 1000;
const STILL = 2000;
const LONGEST_HOLD = 8000;
const POLL = 10_000;

const mine = new Set();
const state = new Map();
let source = null;
let listensFor = new Set();
let polling = 0;
let lostTimer = 0;
let passTried = false;
let missed = false;
let pointer = { at: 0, target: null };
const held = [];

export function ownVersions(header) {
  for (const version of (header ?? "").split(",")) {
    if (!version.trim()) continue;
    mine.add(version.trim());
    if (mine.size > 200) mine.delete(mine.values().next().value);
  }
}

const panels = () => [...document.querySelectorAll("[data-live][data-live-url]")];
const wanted = () => [...new Set(panels().flatMap((panel) => panel.dataset.live.split(" ")))];
const of = (panel) => {
  const key = panel.id || panel.dataset.liveUrl;
  if (!state.has(key)) state.set(key, { next: 0, timer: 0, news: 0, first: 0 });
  return state.get(key);
};

// A field in use or half filled is not swapped away: the news wait behind a button.
function inUse(panel) {
  const field = document.activeElement;
  if (panel.contains(field) && field.matches("input:not([type=radio], [type=checkbox]), textarea, select")) return true;
  if (panel.querySelector("details[data-keep][open], dialog[open]")) return true;
  return [...panel.querySelectorAll("input, textarea")].some(
    (one) => !["hidden", "checkbox", "radio", "submit"].includes(one.type) && one.value !== one.defaultValue,
  );
}

function offer(panel) {
  const here = of(panel);
  here.news += 1;
  let button = panel.querySelector(":scope > .changes");
  if (!button) {
    button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm btn-line changes";
    button.addEventListener("click", () => renew(panel, { forced: true }));
    panel.prepend(button);
  }
  const { textChange, textChanges } = document.body.dataset;
  button.textContent = here.news === 1 ? textChange : textChanges.replace("{n}", String(here.news));
}

// A list is not re-ordered under a moving pointer (`data-live-still`): it waits until the pointer has been still.
function underHand(panel, here) {
  const still = panel.matches("[data-live-still]") ? panel : panel.querySelector("[data-live-still]");
  if (!still || !still.contains(pointer.target) || !pointer.target?.isConnected) return 0;
  here.first ||= Date.now();
  if (Date.now() - here.first > LONGEST_HOLD) return 0;
  return Math.max(0, pointer.at + STILL - Date.now());
}

export function renew(panel, { forced = false } = {}) {
  if (!panel.isConnected) return;
  const here = of(panel);
  clearTimeout(here.timer);
  if (!forced && inUse(panel)) return offer(panel);
  const wait = forced ? 0 : Math.max(here.next - Date.now(), underHand(panel, here));
  if (wait > 0) {
    here.timer = setTimeout(() => {
      const now = panel.isConnected ? panel : document.getElementById(panel.id);
      if (now) renew(now);
    }, wait);
    return;
  }
  here.next = Date.now() + GAP;
  here.news = here.first = 0;
  here.forced = forced;
  return fetchPart(panel);
}

// A part that was asked for before a press, or while one was under way, may be older than the answer to the press: it is
// not shown but asked for again.
const overtaken = new Set();
document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (ctx.sourceElement?.matches?.("[data-live][data-live-url]") && ctx.request.method === "GET")
    ctx.askedAt = writing() ? -1 : presses();
});
document.addEventListener("htmx:before:swap", (event) => {
  const { askedAt, sourceElement } = event.detail.ctx;
  if (askedAt === undefined || askedAt === presses()) return;
  event.preventDefault();
  overtaken.add(sourceElement.id);
  if (!writing()) askAgain();
});
function askAgain() {
  const ids = [...overtaken];
  overtaken.clear();
  for (const panel of panels()) if (ids.includes(panel.id)) renew(panel);
}

// Whoever opened a menu or began to write while the part was on its way keeps it.
document.addEventListener("htmx:before:swap", (event) => {
  const panel = event.detail.ctx.sourceElement;
  if (!panel?.matches?.("[data-live][data-live-url]") || of(panel).forced || !inUse(panel)) return;
  event.preventDefault();
  offer(panel);
});

function fetchPart(panel) {
  const swap = panel.dataset.liveSwap ?? "outerMorph";
  return htmx.ajax("GET", panel.dataset.liveUrl, { target: panel, swap, source: panel });
}

// A part that could not be fetched is asked for again, without a word about it: the line under the top bar says enough.
function failedFor(panel, wait) {
  if (!panel?.matches?.("[data-live]")) return;
  const here = of(panel);
  here.next = Math.max(here.next, Date.now() + wait);
  clearTimeout(here.timer);
  here.timer = setTimeout(() => renew(document.getElementById(panel.id) ?? panel), wait);
}
document.addEventListener("htmx:error", ({ detail: { ctx } }) => ctx && !ctx.response && failedFor(ctx.sourceElement, 2000));
document.addEventListener("htmx:before:response", ({ detail: { ctx } }) => {
  if (ctx.response.status >= 500) failedFor(ctx.sourceElement, 5000);
});
window.addEventListener("online", () => renewAll());

function changed({ topic, version }) {
  if (mine.has(version)) return;
  if (writing()) return held.push({ topic, version });
  for (const panel of panels()) if (panel.dataset.live.split(" ").includes(topic)) renew(panel);
}
const renewAll = () => panels().forEach((panel) => renew(panel));

// Answers that crossed may have come in another order than they were made: what holds now is asked for.
document.addEventListener("tp:written", ({ detail: { crossed } }) => {
  const news = held.splice(0);
  if (crossed) return renewAll();
  askAgain();
  news.forEach(changed);
});

function lost() {
  missed = true;
  if (!lostTimer) lostTimer = setTimeout(liveLost, 3000);
  if (!polling) polling = setInterval(() => document.hidden || renewAll(), POLL);
}

function found() {
  clearTimeout(lostTimer);
  clearInterval(polling);
  lostTimer = polling = 0;
  worked();
  liveBack();
}

async function renewPass() {
  const address = document.body.dataset.livePass;
  if (!address || passTried) return false;
  passTried = true;
  const answer = await post(address, new URLSearchParams(wanted().map((topic) => ["topic", topic]))).catch(() => null);
  return Boolean(answer?.ok);
}

export function listen() {
  source?.close();
  listensFor = new Set(wanted());
  if (document.hidden || !panels().length) return;
  const here = new EventSource("/live/");
  source = here;
  here.addEventListener("open", () => {
    found();
    if (missed) renewAll();
    missed = false;
  });
  // The pass is one cookie for all windows: when another window's pass lacks a topic of this one, ask once for our own.
  here.addEventListener("hello", async (event) => {
    const given = new Set(JSON.parse(event.data).topics);
    if (wanted().every((topic) => given.has(topic))) passTried = false;
    else if (await renewPass()) listen();
  });
  here.addEventListener("changed", (event) => changed(JSON.parse(event.data)));
  here.addEventListener("revoked", () => {
    here.close();
    location.reload();
  });
  here.addEventListener("expired", async () => {
    here.close();
    passTried = false;
    if (await renewPass()) listen();
    else lost();
  });
  here.addEventListener("error", async () => {
    if (source !== here) return;
    lost();
    if (here.readyState !== EventSource.CLOSED) return; // it tries again by itself
    if (await renewPass()) return listen();
    setTimeout(() => {
      if (source !== here) return;
      passTried = false;
      listen();
    }, 15_000);
  });
}

// A part that answered a press with what comes next alone fetches the rest of itself.
document.addEventListener("htmx:after:swap", () => panels().forEach((panel) => "liveNow" in panel.dataset && renew(panel)));

// What is swapped in may have more to hear than the page had: a visit that begins has a topic of its own, and the answer
// brought the pass for it. Whatever happened while the channel was opened anew is fetched.
document.addEventListener("htmx:after:swap", () => {
  if (wanted().every((topic) => listensFor.has(topic))) return;
  passTried = false;
  missed = true;
  listen();
});

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return source?.close();
  renewAll();
  listen();
});
document.addEventListener("tp:signed-in", () => {
  passTried = false;
  renewAll();
  listen();
});
document.addEventListener(
  "pointermove",
  (event) => (pointer = { at: Date.now(), target: event.target }),
  { passive: true },
);
