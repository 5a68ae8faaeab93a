// The front desk: who came (segments), the row that shows at once, and J K P in the queue.
import { say } from "./say.js";

document.addEventListener("click", (event) => {
  const segment = event.target.closest("[data-segments] [data-shows]");
  if (segment) show(segment);
});

function show(segment) {
  for (const one of segment.parentElement.children) one.setAttribute("aria-pressed", String(one === segment));
  const wanted = segment.dataset.shows;
  const place = (id) => document.getElementById(id);
  place("log-client").hidden = wanted !== "log-client";
  place("log-employer").hidden = wanted !== "log-employer";
  place("log-quick").hidden = wanted === "log-employer";
  place("log-employer-topics").hidden = wanted !== "log-employer";
  place("arrival-party").value = wanted === "log-employer" ? "employer" : "client";
  (place(wanted === "log-client" ? "arrival-client-name" : wanted === "log-employer" ? "arrival-employer-name" : "") ?? segment).focus();
}

// Back to the quick way after each logged arrival: the next visitor starts from nothing.
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  const form = document.getElementById("arrival");
  if (!form || ctx.request?.form !== form || ctx.response.status >= 400) return;
  form.reset();
  for (const field of form.querySelectorAll("input[type=hidden]:is(#arrival-client, #arrival-employer)")) field.value = "";
  const quick = document.querySelector("[data-shows=log-quick]");
  if (quick?.getAttribute("aria-pressed") === "false") show(quick);
  const number = document.querySelector("[data-testid=logged-number]")?.textContent;
  if (number) say(`${number} ${document.querySelector("[data-testid=logged] span span")?.textContent ?? ""}`);
});

// The press shows before the server answers: a grey row at the end of the queue, replaced by the real one.
document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  const form = ctx.request?.form;
  if (!form?.hasAttribute("data-optimistic") || !ctx.request.submitter) return;
  const press = ctx.request.submitter;
  press.classList.add("is-done");
  setTimeout(() => press.classList.remove("is-done"), 600);
  const list = document.querySelector("[data-queue]");
  if (!list) return;
  const row = document.createElement("li");
  row.className = "is-new";
  row.dataset.optimistic = "";
  const number = document.createElement("span");
  number.className = "num t-2";
  number.textContent = "…";
  const words = document.createElement("span");
  words.className = "grow semi";
  words.textContent = press.dataset.keyLabel ?? press.textContent.trim();
  row.append(number, words);
  list.append(row);
});
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  const row = document.querySelector("li[data-optimistic]");
  if (!row || !ctx.request?.form?.hasAttribute("data-optimistic")) return;
  const number = document.querySelector("[data-testid=logged-number]")?.textContent;
  if (ctx.response?.status === 200 && number) row.querySelector(".num").textContent = number;
  else row.remove();
});

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-other-language]")) return;
  const list = document.getElementById("arrival-languages");
  if (list) {
    list.hidden = false;
    list.querySelector("select").focus();
  }
});

// J and K move the selection, Enter calls it, P pauses it.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.body.dataset.singleKeys === "off") return;
  if (event.target.matches("input:not([type=radio]), textarea, select") || document.querySelector("dialog[open]")) return;
  const rows = [...document.querySelectorAll("[data-queue] > li[id]")];
  if (!rows.length) return;
  const now = rows.findIndex((row) => row.classList.contains("picked"));
  const step = { j: 1, k: -1 }[event.key.toLowerCase()];
  if (step) {
    event.preventDefault();
    const next = rows[Math.min(rows.length - 1, Math.max(0, now < 0 ? 0 : now + step))];
    rows.forEach((row) => row.classList.toggle("picked", row === next));
    (next.querySelector("[data-testid^=call-]:not(:disabled)") ?? next.querySelector("summary"))?.focus();
  } else if (event.key.toLowerCase() === "p" && now >= 0) {
    event.preventDefault();
    rows[now].querySelector("[data-testid^=pause-]")?.click();
  }
});
