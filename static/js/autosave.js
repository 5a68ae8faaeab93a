// Text that saves itself (`<form data-autosave="address">`): one second after typing stops. While it fails, the text
// stays in the page's memory and is tried again; it is never kept in the browser's own storage.
import { failed, worked } from "./net.js";
import { ownVersions } from "./live.js";
import { focusWanted } from "./focus.js";
import htmx, { parse, post } from "./security.js";
import { signIn } from "./signin.js";

const PAUSE = 1000;
const RETRY = 3000;
const words = () => document.body.dataset;
const states = new WeakMap();
const stateOf = (form) => states.get(form) ?? states.set(form, { timer: 0, sending: false, dirty: false }).get(form);
const placeOf = (form) =>
  document.getElementById(form.dataset.autosaveStatus) ?? form.querySelector("[data-autosave-status]");

function status(form, text, kind) {
  const place = placeOf(form);
  if (!place) return;
  place.textContent = text;
  place.dataset.kind = kind;
}

const time = () =>
  new Date().toLocaleTimeString("fi-FI", { hour: "numeric", minute: "2-digit", timeZone: "Europe/Helsinki" });

function later(form, wait) {
  const here = stateOf(form);
  clearTimeout(here.timer);
  here.timer = setTimeout(() => save(form), wait);
}

export async function save(form) {
  const here = stateOf(form);
  clearTimeout(here.timer);
  // A form that has left the page owes only what did not get through while it was there.
  if (here.sending || !here.dirty || !(form.isConnected || here.owed)) return;
  here.sending = true;
  here.dirty = false;
  here.stopped = false;
  status(form, words().textSaving, "busy");
  const options = { keepalive: document.hidden };
  const answer = await post(form.dataset.autosave, new URLSearchParams(new FormData(form)), options).catch(() => null);
  here.sending = false;
  await settle(form, here, answer);
  if (here.dirty && !here.stopped) later(form, PAUSE);
}

// What was typed has been sent in another way: nothing is left to save.
export function settled(form) {
  const here = stateOf(form);
  clearTimeout(here.timer);
  here.dirty = here.stopped = here.owed = false;
}

async function settle(form, here, answer) {
  if (answer?.status === 401) {
    here.dirty = here.stopped = true;
    status(form, words().textUnsaved, "unsaved");
    return signIn().then((signedIn) => signedIn && later(form, 0));
  }
  if (!answer || answer.status >= 500) {
    here.dirty = here.stopped = here.owed = true;
    if (!answer) failed();
    status(form, words().textUnsaved, "unsaved");
    return later(form, RETRY);
  }
  worked();
  here.owed = false;
  ownVersions(answer.headers.get("TP-Version"));
  const part = answer.status === 204 ? null : parse(await answer.text());
  if (answer.status === 409) return merge(form, here, part);
  if (!answer.ok) {
    here.stopped = true;
    return status(form, part?.querySelector("[data-error]")?.textContent.trim() || words().textUnsaved, "unsaved");
  }
  keep(form, here, part);
}

// Saved: the marks of what the form now starts from are renewed, and what is being typed stays.
function keep(form, here, part) {
  for (const field of part?.querySelectorAll("input[type=hidden][name]") ?? []) {
    const own = form.elements.namedItem(field.name);
    if (own && field.name !== "csrfmiddlewaretoken") own.value = field.value;
  }
  const at = part?.querySelector("[data-saved-at]")?.textContent.trim() || time();
  status(form, `${words().textSaved} ${at}`, "saved");
  if (here.dirty) return;
  for (const field of form.querySelectorAll("textarea, input")) if (field.type !== "hidden") field.defaultValue = field.value;
}

// Somebody else wrote meanwhile: both texts are shown, and nothing is sent before a person has chosen.
function merge(form, here, part) {
  here.dirty = here.stopped = true;
  status(form, words().textConflict, "conflict");
  const place = document.getElementById(form.dataset.autosaveMerge);
  if (!place || !part) return;
  place.replaceChildren(...part.childNodes);
  htmx.process(place);
  focusWanted(place);
}

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-autosave]");
  if (!form || event.target.type === "hidden") return;
  const here = stateOf(form);
  here.dirty = true;
  if (placeOf(form)?.dataset.kind !== "conflict") later(form, PAUSE);
});
document.addEventListener("focusout", (event) => {
  const form = event.target.closest?.("form[data-autosave]");
  if (form && stateOf(form).dirty && !stateOf(form).stopped) later(form, 0);
});
// Leaving the page: what is not yet saved is sent along, and if that is not certain, the browser asks.
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) return;
  for (const form of document.querySelectorAll("form[data-autosave]")) if (!stateOf(form).stopped) save(form);
});
window.addEventListener("beforeunload", (event) => {
  const unsaved = [...document.querySelectorAll("form[data-autosave]")].some(
    (form) => stateOf(form).dirty || stateOf(form).sending,
  );
  if (unsaved) event.preventDefault();
});
