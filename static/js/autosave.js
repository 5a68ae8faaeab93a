// Text that saves itself (`<form data-autosave>`): one second after typing stops; kept in memory while it fails.
import { csrf, parse } from "./security.js";
import { offline, online } from "./requests.js";
import { ownVersions } from "./live.js";

const state = new WeakMap();

function status(form, text, kind) {
  const place = document.getElementById(form.dataset.autosaveStatus) ?? form.querySelector("[data-autosave-status]");
  if (!place) return;
  place.textContent = text;
  place.dataset.kind = kind;
}

export async function save(form) {
  const here = state.get(form) ?? {};
  state.set(form, here);
  clearTimeout(here.timer);
  if (here.sending) {
    here.again = true;
    return;
  }
  here.sending = true;
  status(form, document.body.dataset.textSaving, "busy");
  const answer = await fetch(form.dataset.autosave, {
    method: "POST",
    body: new URLSearchParams(new FormData(form)),
    headers: { "X-CSRFToken": csrf(), "HX-Request": "true" },
    keepalive: true,
  }).catch(() => null);
  here.sending = false;
  if (answer?.status === 409) {
    ownVersions(answer.headers.get("TP-Version"));
    const merge = document.getElementById(form.dataset.autosaveMerge);
    merge?.replaceChildren(...parse(await answer.text()).childNodes);
    merge?.querySelector("[data-focus]")?.focus();
    status(form, document.body.dataset.textUnsaved, "conflict");
    return;
  }
  if (answer?.status === 401) {
    document.getElementById("signin")?.showModal();
    here.timer = setTimeout(() => save(form), 5000);
    return;
  }
  if (!answer || answer.status >= 500) {
    offline();
    status(form, document.body.dataset.textUnsaved, "unsaved");
    here.timer = setTimeout(() => save(form), 3000);
    return;
  }
  online();
  ownVersions(answer.headers.get("TP-Version"));
  const fresh = parse(await answer.text());
  // The answer renews the marks of what the form now starts from; what is being typed stays.
  for (const field of fresh.querySelectorAll("input[type=hidden][name]")) {
    const mine = form.elements.namedItem(field.name);
    if (mine) mine.value = field.value;
  }
  const said = fresh.querySelector("[data-saved-at]")?.textContent?.trim();
  status(form, `${document.body.dataset.textSaved} ${said ?? ""}`.trim(), "saved");
  for (const field of form.elements) if (field.tagName === "TEXTAREA" && !here.again) field.defaultValue = field.value;
  if (here.again) {
    here.again = false;
    save(form);
  }
}

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-autosave]");
  if (!form) return;
  const here = state.get(form) ?? {};
  state.set(form, here);
  clearTimeout(here.timer);
  here.timer = setTimeout(() => save(form), 1000);
});
document.addEventListener("focusout", (event) => {
  const form = event.target.closest?.("form[data-autosave]");
  if (form && state.get(form)?.timer) save(form);
});
window.addEventListener("beforeunload", (event) => {
  for (const form of document.querySelectorAll("form[data-autosave]")) {
    const kind = (document.getElementById(form.dataset.autosaveStatus) ?? form.querySelector("[data-autosave-status]"))?.dataset.kind;
    if (kind === "unsaved" || kind === "conflict") event.preventDefault();
  }
});
