// What every htmx request shares: the token, one press at a time, the busy mark, failures, focus, fresh keys.
import htmx, { csrf } from "./security.js";
import { focusWanted, placeOf, restoreFocus } from "./focus.js";
import { newKey } from "./key.js";
import { ownVersions } from "./live.js";
import { failed, worked } from "./net.js";
import { toast, watchToast } from "./say.js";
import { signIn } from "./signin.js";
import { passTurn, takeTurn, waitTurn } from "./turns.js";

const words = () => document.body.dataset;
const inFlight = new WeakSet();
let writes = 0;
let begun = 0;
let crossed = false; // a press was sent before the answer to another had come

const holder = (ctx) => ctx.request.form ?? ctx.sourceElement;
// A form that only asks, but with a name in it that no address may hold, says `data-reads`.
const isWrite = (ctx) => ctx.request.method !== "GET" && holder(ctx).dataset.reads === undefined;

// While one of our own presses is under way, news about it wait: its answer is about to show them.
export const writing = () => writes > 0;
// How many presses there have been: what was asked for before a press may answer how things stood before it.
export const presses = () => begun;
export function writeBegins() {
  writes += 1;
  begun += 1;
}
export function writeEnds() {
  writes -= 1;
  if (writes) return;
  document.dispatchEvent(new CustomEvent("tp:written", { detail: { crossed } }));
  crossed = false;
}

document.addEventListener("htmx:config:request", (event) => {
  const { ctx } = event.detail;
  ctx.request.headers["X-CSRFToken"] = csrf();
  if (isWrite(ctx)) {
    if (inFlight.has(holder(ctx))) {
      waitTurn(ctx);
      return event.preventDefault(); // the second press of the same thing
    }
    takeTurn(ctx);
  }
  if (ctx.request.body?.has?.("csrfmiddlewaretoken")) ctx.request.body.set("csrfmiddlewaretoken", csrf());
});

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  ctx.pressed = ctx.request.submitter ?? (ctx.sourceElement.matches("form") ? null : ctx.sourceElement);
  if (isWrite(ctx)) {
    ctx.held = holder(ctx);
    inFlight.add(ctx.held);
    crossed ||= writes > 0;
    writeBegins();
  }
  if (ctx.pressed?.matches?.("button, a, input[type=submit]"))
    ctx.busyTimer = setTimeout(() => ctx.pressed.setAttribute("aria-busy", "true"), 300);
});

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  clearTimeout(ctx.busyTimer);
  ctx.pressed?.removeAttribute?.("aria-busy");
  if (!ctx.held) return;
  inFlight.delete(ctx.held);
  const status = ctx.response?.status ?? 0;
  if (status && status !== 401 && status < 500) renewKey(ctx);
  if (status && status < 300) shine(ctx.pressed);
  writeEnds();
  passTurn(status);
});

// A form that stays on the page after its answer gets a new key: the next press is a new act. After silence it keeps
// its key, so that pressing again cannot do the same thing twice.
function renewKey(ctx) {
  const field = ctx.held.querySelector?.("input[name=submission_key]");
  const sent = ctx.request.body?.get?.("submission_key");
  if (field && field.value === sent) field.value = newKey();
}

function shine(control) {
  if (!control?.isConnected || !control.matches(".reason")) return;
  control.classList.add("is-done");
  setTimeout(() => control.classList.remove("is-done"), 600);
}

document.addEventListener("htmx:before:response", (event) => {
  const { ctx } = event.detail;
  const { status, headers } = ctx.response;
  ownVersions(headers.get("TP-Version"));
  worked();
  if (status === 401) {
    event.preventDefault();
    signIn().then((signedIn) => signedIn && again(ctx));
  } else if (status >= 500) {
    event.preventDefault();
    if (!ctx.sourceElement.matches("[data-live]")) toast(status === 503 ? words().textAway : words().textError);
  }
});

// A whole page is never put into a part of one: somebody else's page, or the page that a redirect led to.
document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail;
  if (ctx.select || ctx.target === document.body || !/^\s*<!doctype/i.test(ctx.text ?? "")) return;
  const { status, raw } = ctx.response;
  if (status === 422) return;
  event.preventDefault();
  if (ctx.sourceElement.matches("[data-live]")) return;
  if (status < 400) location.assign(raw.url);
  else toast(words().textGone);
});

// When the answer to an earlier press has replaced the part, this one belongs into what stands there now.
document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  if (isWrite(ctx) && ctx.target?.isConnected === false) ctx.target = document.getElementById(ctx.target.id) ?? ctx.target;
});

document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
  if (!ctx || ctx.response) return;
  failed();
  if (isWrite(ctx)) toast(words().textNotSent);
});

// The refused request once more, as if the control were pressed again: what is typed is still in its form.
function again(ctx) {
  const element = ctx.sourceElement;
  if (!element?.isConnected || element.matches("[data-live]")) return;
  if (element.matches("form")) {
    const submitter = ctx.request.submitter?.isConnected ? ctx.request.submitter : null;
    element.requestSubmit(submitter);
  } else if (element.matches("a, button")) element.click();
  else htmx.trigger(element, element.matches("input[type=search], input[type=text]") ? "input" : "change");
}

// Where the focus is when the answer comes, which may be elsewhere than when it was asked for.
document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
  ctx.place = placeOf(document.activeElement, ctx.pressed);
});
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (!focusWanted()) restoreFocus(ctx.place);
  watchToast();
});

// A page brought back by the Back button may be somebody else's by now: ask the server again.
window.addEventListener("pageshow", (event) => event.persisted && location.reload());
focusWanted();
