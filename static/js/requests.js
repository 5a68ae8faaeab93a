// What every htmx request shares: the CSRF header, the busy button, failures, focus after a swap, fresh keys.
import htmx, { csrf } from "./security.js";
import { say, toast, watchToast } from "./say.js";
import { ownVersions } from "./live.js";

const body = () => document.body.dataset;
let refusedRequest = null;

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  ctx.request.headers["X-CSRFToken"] = csrf();
});

// The pressed control is busy after 300 ms and deaf at once; a second press of the same form is dropped.
document.addEventListener("htmx:before:request", (event) => {
  const { ctx } = event.detail;
  const control = ctx.request.submitter ?? ctx.sourceElement;
  if (ctx.request.method !== "GET") {
    if (control.dataset.inFlight) return event.preventDefault();
    control.dataset.inFlight = "1";
  }
  ctx.pressed = control;
  ctx.focused = document.activeElement;
  ctx.place = placeOf(document.activeElement);
  ctx.busyTimer = setTimeout(() => control.setAttribute?.("aria-busy", "true"), 300);
});

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  clearTimeout(ctx.busyTimer);
  ctx.pressed?.removeAttribute?.("aria-busy");
  if (ctx.pressed) delete ctx.pressed.dataset.inFlight;
});

document.addEventListener("htmx:before:response", (event) => {
  const { ctx } = event.detail;
  const { status, headers } = ctx.response;
  ownVersions(headers.get("TP-Version"));
  online();
  if (status === 401) {
    refusedRequest = ctx;
    document.getElementById("signin")?.showModal();
    return event.preventDefault();
  }
  if (status >= 500) {
    toast(body().textError);
    return event.preventDefault();
  }
});

document.addEventListener("htmx:error", ({ detail }) => {
  if (detail.ctx && !detail.ctx.response) offline();
});

// Signing in again on the same page, then the refused request once more: nothing typed is lost.
document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-signin]");
  if (!form) return;
  event.preventDefault();
  const answer = await fetch(form.action, {
    method: "POST",
    body: new URLSearchParams(new FormData(form)),
    headers: { "X-CSRFToken": csrf(), "X-Requested-With": "XMLHttpRequest", Accept: "application/json" },
  }).catch(() => null);
  const wrong = form.querySelector("[data-signin-error]");
  wrong.hidden = Boolean(answer?.ok);
  if (!answer?.ok) return form.querySelector("[type=password]").focus();
  form.reset();
  document.getElementById("signin").close();
  const again = refusedRequest;
  refusedRequest = null;
  if (again?.sourceElement?.isConnected) {
    const element = again.sourceElement;
    if (element.matches("form")) element.requestSubmit(again.request.submitter?.isConnected ? again.request.submitter : null);
    else element.click();
  }
});

function placeOf(element) {
  if (!element || element === document.body) return null;
  const row = element.closest("li, tr, [data-row]");
  return {
    id: element.id,
    testid: element.dataset?.testid,
    rowId: row?.id,
    panelId: element.closest("[id].panel, [id][data-live], section[id]")?.id,
    start: element.selectionStart,
    end: element.selectionEnd,
  };
}

// Focus stays where it was; if that is gone, the row, the panel's heading; never the body.
export function restoreFocus(place) {
  if (!place || (document.activeElement && document.activeElement !== document.body)) return;
  const byTest = place.testid && document.querySelector(`[data-testid="${CSS.escape(place.testid)}"]`);
  const row = place.rowId && document.getElementById(place.rowId);
  const panel = place.panelId && document.getElementById(place.panelId);
  const heading = (panel ?? document.getElementById("sisalto"))?.querySelector("h1, h2, [tabindex='-1']");
  const next =
    (place.id && document.getElementById(place.id)) ||
    byTest ||
    row?.querySelector("a, button, input, select, textarea") ||
    heading ||
    document.getElementById("sisalto");
  if (!next) return;
  if (!next.matches("a, button, input, select, textarea, summary, [tabindex]")) next.tabIndex = -1;
  next.focus({ preventScroll: true });
}

document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  const wanted = document.querySelector("[data-focus]:not([data-focused])");
  if (wanted) {
    wanted.dataset.focused = "";
    if (!wanted.matches("a, button, input, select, textarea, [tabindex]")) wanted.tabIndex = -1;
    wanted.focus();
  } else restoreFocus(ctx.place);
  watchToast();
  freshKeys();
});

// A form that stays on the page after its answer gets a new key: the next press is a new act.
function freshKeys() {
  const seen = new Set();
  for (const field of document.querySelectorAll("input[name=submission_key]")) {
    if (seen.has(field.value) || field.form?.dataset.sent) field.value = crypto.randomUUID?.() ?? field.value;
    seen.add(field.value);
    if (field.form) delete field.form.dataset.sent;
  }
}
document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  const form = ctx.request.form;
  if (form && ctx.response.status < 300) form.dataset.sent = "1";
});

export function offline() {
  const box = document.getElementById("net");
  if (!box || !box.hidden) return;
  box.textContent = body().textOffline;
  box.hidden = false;
}

export function online() {
  const box = document.getElementById("net");
  if (box && !box.hidden) {
    box.hidden = true;
    box.textContent = "";
  }
}

window.addEventListener("offline", offline);
window.addEventListener("online", online);
window.addEventListener("pageshow", (event) => event.persisted && location.reload());

export { htmx, say };
