// The front desk: who came, the row that shows at once, the queue by keys, menus that no panel cuts off.
import { focusOn } from "./focus.js";
import { say } from "./say.js";
import htmx from "./security.js";

const byId = (id) => document.getElementById(id);

// Quick, client, employer: one form, of which the parts that are not shown are not sent.
function show(mode) {
  const form = byId("arrival");
  for (const part of form.querySelectorAll("fieldset[data-mode]")) part.hidden = part.disabled = !part.dataset.mode.split(" ").includes(mode);
  for (const link of form.querySelectorAll("[data-shows]"))
    if (link.dataset.shows === mode) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
}

const firstOf = (mode) => document.querySelector(`fieldset[data-mode~=${mode}] :is([role=combobox], button)`);

document.addEventListener("click", (event) => {
  const link = event.target.closest("#arrival [data-shows]");
  if (link && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    show(link.dataset.shows);
    if (link.dataset.shows !== "nopea") firstOf(link.dataset.shows)?.focus();
  }
  const clearer = event.target.closest("[data-clears]");
  const place = clearer && byId(clearer.dataset.clears);
  if (place && byId("desk-live")) {
    event.preventDefault();
    place.replaceChildren();
    const back = clearer.dataset.backTo ?? "logged-details";
    focusOn(document.querySelector(`[data-testid=${back}]`) ?? byId("h-log"));
  }
});

// Esc in an empty search leaves it for the quick way.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || !event.target.matches?.("#arrival [role=combobox]")) return;
  event.preventDefault();
  event.target.value = "";
  show("nopea");
  document.querySelector("#arrival [data-shows=nopea]").focus();
});

// A person is chosen, then the topic; Enter in the name never presses one.
document.addEventListener("chosen", (event) => event.target.id === "arrival-client-name" && firstOf("nopea").focus());
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.id === "arrival-client-name") event.preventDefault();
});

// What the form says, apart from its keys.
const filled = (form) =>
  String(new URLSearchParams([...new FormData(form)].filter(([name]) => !["csrfmiddlewaretoken", "submission_key"].includes(name))));

// The next visitor starts from nothing.
function afresh(form) {
  form.reset();
  for (const id of ["arrival-client-id", "arrival-employer-id"]) byId(id).value = "";
  form.querySelector("details.more").open = false;
  const within = form.contains(document.activeElement) && document.activeElement.matches("[role=combobox]");
  show("nopea");
  if (within) focusOn(byId("h-log"));
}

document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  const form = byId("arrival");
  const sent = ctx.request?.form;
  if (!form || !sent || !(sent === form || "arrivalQuestion" in sent.dataset)) return;
  if (ctx.response.status >= 400) return;
  if (sent !== form || filled(form) === ctx.filled) afresh(form); // unless the next visitor is being written of
  const line = document.querySelector("[data-testid=logged]");
  if (line) say(`${line.querySelector("b").textContent} ${line.querySelector(".said").textContent}`);
});

// A press shows before the server answers: a row at the end of the queue, which the real one replaces.
const pressed = [];
const nameOf = (form, press) =>
  press?.dataset.keyLabel ?? form.querySelector("fieldset:not([disabled]) input[name$=_topic]:checked")?.parentElement.textContent ?? "";

function expected(name) {
  const row = document.createElement("li");
  row.className = "is-new";
  row.dataset.optimistic = "";
  const number = document.createElement("span");
  number.className = "num";
  number.textContent = "…";
  const words = document.createElement("span");
  words.className = "what semi";
  words.textContent = name.trim();
  row.append(number, words);
  return row;
}

function draw() {
  for (const row of document.querySelectorAll("li[data-optimistic]")) row.remove();
  document.querySelector("[data-queue]")?.append(...pressed.map(expected));
}

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  const form = ctx.request?.form;
  if (form?.id !== "arrival") return;
  if (!ctx.hasWaited) {
    ctx.filled = filled(form);
    pressed.push(nameOf(form, ctx.request.submitter));
  }
  draw();
});
document.addEventListener("tp:waits", ({ target, detail }) => {
  if (target.id !== "arrival") return;
  pressed.push(nameOf(target, detail.submitter));
  afresh(target);
  draw();
});
document.addEventListener("htmx:after:swap", () => pressed.length && draw());
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  if (ctx.request?.form?.id !== "arrival") return;
  const row = document.querySelector("li[data-optimistic]");
  const number = document.querySelector("[data-testid=logged-number]")?.textContent;
  if (row && number && ctx.response?.status === 200) {
    row.querySelector(".num").textContent = number;
    delete row.dataset.optimistic;
  }
  if (ctx.response?.status === 200) pressed.shift();
  else pressed.length = 0;
  draw();
});

// Two clicks of one double click are one visitor.
document.addEventListener("click", (event) => {
  if (event.detail > 1 && event.target.closest("#arrival button")) event.preventDefault();
}, true);

document.addEventListener("change", (event) => {
  if (event.target.matches("#arrival [data-other-language]")) byId("arrival-other").focus();
});

// J and K choose in the queue, Enter calls (the focus is on the button), P pauses.
const rows = () => [...document.querySelectorAll("[data-queue] > li[id]")];
const chosen = () => document.activeElement?.closest?.("[data-queue] > li[id]");

document.addEventListener("click", (event) => {
  const step = Number(event.target.closest("[data-queue-step]")?.dataset.queueStep ?? 0);
  if (step) {
    const all = rows();
    const now = all.indexOf(chosen());
    const next = all[now < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, now + step))];
    next?.querySelector(":is([data-testid^=call-]:not(:disabled), summary)")?.focus();
    next?.scrollIntoView({ block: "nearest" });
  }
  if (event.target.closest("[data-queue-pause]")) {
    const row = chosen() ?? document.querySelector("[data-queue] > .sel");
    if (row) fill(row.querySelector(".row-menu"));
    row?.querySelector("[data-testid^=pause-]")?.click();
  }
  const opener = event.target.closest("[data-opens-menu]");
  const menu = opener && byId(opener.dataset.opensMenu)?.querySelector(".row-menu");
  if (menu) {
    event.preventDefault();
    fill(menu);
    menu.open = true;
    menu.querySelector(".menu :is(button, a)")?.focus();
  }
});

// The choices of a row are made when they are first asked for, from the page's one pattern and the row's own key and number.
const ANY_VISIT = "00000000-0000-0000-0000-000000000000";
function fill(menu) {
  const place = menu?.querySelector("[data-pattern]");
  const pattern = place && byId(place.dataset.pattern);
  if (!pattern) return;
  const row = menu.closest("li[id]");
  const choices = pattern.content.cloneNode(true);
  for (const one of choices.querySelectorAll("*"))
    for (const { name, value } of [...one.attributes])
      one.setAttribute(name, value.replaceAll(ANY_VISIT, row.id.replace("visit-", "")).replaceAll("{ticket}", row.dataset.ticket));
  place.removeAttribute("data-pattern");
  place.replaceChildren(choices);
  htmx.process(place);
}
for (const asked of ["pointerdown", "keydown", "click"])
  document.addEventListener(asked, (event) => fill(event.target.closest?.(".row-menu")), true);

// A menu of a row hangs above the panels: its place is reckoned when it opens.
document.addEventListener(
  "toggle",
  (event) => {
    const menu = event.target.matches?.(".row-menu[open]") && event.target.querySelector(".menu");
    if (!menu) return;
    const at = event.target.querySelector("summary").getBoundingClientRect();
    const { height, width } = menu.getBoundingClientRect();
    const below = at.bottom + 4 + height <= innerHeight;
    menu.style.top = `${Math.max(8, below ? at.bottom + 4 : at.top - height - 4)}px`;
    menu.style.left = `${Math.max(8, Math.min(at.right - width, innerWidth - width - 8))}px`;
  },
  true,
);
document.addEventListener(
  "scroll",
  (event) => {
    if (event.target.closest?.(".menu")) return;
    for (const menu of document.querySelectorAll(".row-menu[open]")) menu.open = false;
  },
  true,
);
