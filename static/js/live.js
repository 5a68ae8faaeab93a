// "Changed" from the server: the panels that show it fetch their part, at most once a second, never under the hand.
import { offline, online, restoreFocus } from "./requests.js";
import htmx from "./security.js";

const mine = new Set();
let source = null;
let polling = 0;
let passTried = false;
let missed = false;

export function ownVersions(header) {
  for (const version of (header ?? "").split(",")) {
    if (!version.trim()) continue;
    mine.add(version.trim());
    if (mine.size > 200) mine.delete(mine.values().next().value);
  }
}

const wanted = () => panels().flatMap((panel) => panel.dataset.live.split(" "));
const panels = () => [...document.querySelectorAll("[data-live][data-live-url]")];

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
  panel.dataset.news = String(Number(panel.dataset.news ?? 0) + 1);
  let button = panel.querySelector(":scope > .changes");
  if (!button) {
    button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm btn-line changes";
    button.addEventListener("click", () => fetchPart(panel, true));
    panel.prepend(button);
  }
  button.textContent = `${document.body.dataset.textChanges} (${panel.dataset.news})`;
}

async function fetchPart(panel, forced = false) {
  if (!panel.isConnected) return;
  if (!forced && inUse(panel)) return offer(panel);
  const wait = Number(panel.dataset.next ?? 0) - Date.now();
  if (wait > 0) {
    if (!panel.dataset.waits) {
      panel.dataset.waits = "1";
      setTimeout(() => {
        delete panel.dataset.waits;
        fetchPart(panel);
      }, wait);
    }
    return;
  }
  panel.dataset.next = String(Date.now() + 1000);
  const held = panel.contains(document.activeElement) ? document.activeElement : null;
  const place = held && { id: held.id, testid: held.dataset.testid, rowId: held.closest("li")?.id, panelId: panel.id };
  await htmx.ajax("GET", panel.dataset.liveUrl, { target: panel, swap: "outerHTML", source: panel }).catch(() => null);
  if (panel.isConnected) askAgain(panel);
  else restoreFocus(place);
}

// A panel that is still there after its part was fetched was not answered (the line, the server): once more, later.
function askAgain(panel) {
  if (panel.dataset.again) return;
  panel.dataset.again = "1";
  setTimeout(() => {
    delete panel.dataset.again;
    fetchPart(panel);
  }, 5000);
}

function changed({ topic, version }) {
  if (mine.has(version)) return;
  for (const panel of panels()) if (panel.dataset.live.split(" ").includes(topic)) fetchPart(panel);
}

function poll() {
  clearInterval(polling);
  polling = setInterval(() => {
    if (!document.hidden) panels().forEach((panel) => fetchPart(panel));
  }, 10_000);
}

async function renewPass() {
  const address = document.body.dataset.livePass;
  if (!address || passTried) return false;
  passTried = true;
  const topics = new URLSearchParams(wanted().map((topic) => ["topic", topic]));
  const { csrf } = await import("./security.js");
  const answer = await fetch(address, { method: "POST", body: topics, headers: { "X-CSRFToken": csrf() } }).catch(() => null);
  return Boolean(answer?.ok);
}

export function listen() {
  source?.close();
  clearInterval(polling);
  if (document.hidden || !panels().length) return;
  source = new EventSource("/live/");
  source.addEventListener("open", () => {
    online();
    clearInterval(polling);
    if (missed) panels().forEach((panel) => fetchPart(panel));
    missed = false;
  });
  // The pass is one cookie for all windows: when another window's pass lacks a topic of this one, ask once for our own.
  source.addEventListener("hello", async (event) => {
    const given = new Set(JSON.parse(event.data).topics);
    if (wanted().every((topic) => given.has(topic))) passTried = false;
    else if (await renewPass()) listen();
  });
  source.addEventListener("changed", (event) => changed(JSON.parse(event.data)));
  for (const name of ["revoked", "expired"])
    source.addEventListener(name, async () => {
      source.close();
      passTried = false;
      if (name === "revoked") return location.reload();
      if (await renewPass()) listen();
    });
  source.addEventListener("error", async () => {
    if (source.readyState === EventSource.CLOSED) {
      missed = true;
      if (await renewPass()) return listen();
      poll();
      setTimeout(() => ((passTried = false), listen()), 15_000);
    } else {
      if (!navigator.onLine) offline();
      poll();
    }
  });
}

addEventListener("online", () => panels().forEach((panel) => fetchPart(panel)));

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return source?.close();
  panels().forEach((panel) => fetchPart(panel));
  listen();
});
