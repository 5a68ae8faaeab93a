// Agreed steps are typed faster than they are sent: each leaves the field at once and waits its turn in a row of its own.
// They are sent one after another, in the order of typing, each with its own key: as often as it takes, and once in effect.
import { settled } from "./autosave.js";
import { newKey } from "./key.js";
import { ownVersions } from "./live.js";
import { failed, worked } from "./net.js";
import { writeBegins, writeEnds } from "./requests.js";
import { say, watchToast } from "./say.js";
import htmx, { csrf, parse, post } from "./security.js";
import { signIn } from "./signin.js";

const TRY_AGAIN = 3000;
const words = () => document.body.dataset;
const byId = (id) => document.getElementById(id);
const stepForm = () => document.querySelector("[data-step-form]");
const waiting = [];
let sending = false;
let timer = 0;
let finishing = null;

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!form.matches("[data-step-form]") || !form.elements.what.value.trim()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    waiting.push({ address: form.action, body: new URLSearchParams(new FormData(form)), late: false, fault: "" });
    fill(form, new URLSearchParams({ submission_key: newKey() }));
    settled(form);
    draw();
    sendNext();
  },
  true,
);

function fill(form, values) {
  for (const name of ["what", "partner", "due_on", "benefit", "submission_key"]) {
    const field = form.elements[name];
    field.value = values.get(name) ?? "";
    if (field.type !== "hidden") field.defaultValue = "";
  }
  form.elements.who.value = values.get("who") ?? "visitor";
  form.elements.what.classList.remove("is-invalid");
  form.elements.what.removeAttribute("aria-invalid");
  byId("step-error")?.remove();
}

async function sendNext() {
  const step = waiting.find((one) => !one.fault);
  if (sending || !step) return;
  clearTimeout(timer);
  sending = true;
  writeBegins();
  step.body.set("csrfmiddlewaretoken", csrf());
  const answer = await post(step.address, step.body).catch(() => null);
  const text = await answer?.text().catch(() => null);
  const again = settle(step, answer, text ?? null);
  sending = false;
  writeEnds();
  draw();
  if (again === "signed out" && !(await signIn())) return;
  if (again === "later") timer = setTimeout(sendNext, TRY_AGAIN);
  else if (waiting.some((one) => !one.fault)) sendNext();
  else finish();
}

function settle(step, answer, text) {
  if (answer?.status === 401) {
    step.late = true;
    return "signed out";
  }
  if (text === null || answer.status >= 500) {
    if (!answer) failed();
    if (!step.late) say(words().textUnsaved);
    step.late = true;
    return "later";
  }
  worked();
  ownVersions(answer.headers.get("TP-Version"));
  const part = parse(text);
  if (!answer.ok) {
    step.fault = part.querySelector("#step-error, [data-toast-text]")?.textContent.trim() || words().textGone;
    say(step.fault);
    finishing = null;
    return "";
  }
  waiting.splice(waiting.indexOf(step), 1);
  show(part);
  return "";
}

// Only the list and the sentence: the form, the focus and what is being typed stay as they are.
function show(part) {
  const list = byId("visit-sovitut");
  const fresh = part.getElementById("visit-sovitut");
  if (list && fresh && list.dataset.live === fresh.dataset.live) renew(list, fresh);
  const toast = part.getElementById("toast");
  if (toast) renew(byId("toast"), toast);
  watchToast();
  renewDoers();
}

function renew(here, fresh) {
  here.replaceChildren(...fresh.childNodes);
  htmx.process(here);
}

// The rows of what waits, below those that are agreed.
function draw() {
  byId("steps-unsent")?.remove();
  const form = stepForm();
  const pattern = byId("step-unsent");
  const mine = waiting.filter((one) => one.address === form?.action);
  if (!pattern || !mine.length) return;
  const list = document.createElement("ol");
  list.id = "steps-unsent";
  list.className = "steps unsent";
  for (const step of mine) list.append(rowOf(step, pattern));
  byId("visit-sovitut").after(list);
}

function rowOf(step, pattern) {
  const row = pattern.content.cloneNode(true);
  row.querySelector("[data-what]").textContent = step.body.get("what");
  row.querySelector("[data-state]").textContent = step.fault || (step.late ? words().textUnsaved : words().textSaving);
  const back = row.querySelector("[data-back]");
  back.hidden = !step.fault;
  back.addEventListener("click", () => takeBack(step));
  return row;
}

// A step that was refused goes back to the field, to be mended; what stood there takes its place in the row.
function takeBack(step) {
  const form = stepForm();
  const typed = form.elements.what.value.trim() ? new URLSearchParams(new FormData(form)) : null;
  const body = step.body;
  if (typed) step.body = typed;
  else waiting.splice(waiting.indexOf(step), 1);
  body.set("submission_key", newKey());
  fill(form, body);
  form.elements.what.dispatchEvent(new Event("input", { bubbles: true }));
  form.elements.what.focus();
  draw();
}

// Who is here may change while a step is typed: the choices follow, the choice stays.
const values = (options) => [...options].map((one) => one.value).join();
function renewDoers() {
  const fresh = byId("step-doers")?.content.children;
  const select = byId("step-who");
  if (!fresh || !select || values(fresh) === values(select.options)) return;
  const now = select.value;
  select.replaceChildren(...[...fresh].map((one) => one.cloneNode(true)));
  select.value = now;
  if (select.selectedIndex < 0) select.selectedIndex = 0;
}
document.addEventListener("htmx:after:swap", () => {
  renewDoers();
  if (waiting.length && !byId("steps-unsent")) draw();
});

// Finishing with a half-typed step or one on its way: the step first, then the press by itself.
document.addEventListener(
  "click",
  (event) => {
    const press = event.target.closest("[data-finishes]");
    const field = press && byId("step-what");
    if (!field || !(field.value.trim() || waiting.length)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    finishing = press;
    if (field.value.trim()) field.form.requestSubmit();
    else sendNext();
  },
  true,
);

function finish() {
  const press = finishing;
  finishing = null;
  if (press?.isConnected && !waiting.length) press.click();
}

for (const name of ["online", "tp:signed-in"]) addEventListener(name, () => sendNext(), true);
window.addEventListener("beforeunload", (event) => {
  if (waiting.length) event.preventDefault();
});
