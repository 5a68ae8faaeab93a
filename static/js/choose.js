// A field with a list of choices that the server finds (combobox): the palette, and `data-choose` fields of the screens.
import { say } from "./say.js";
import htmx, { parse, part, post } from "./security.js";
import { signIn } from "./signin.js";

// <input data-choose="/address/?q=" aria-controls="list"> and <ul id="list" role="listbox">. The server answers
// <li role="option" data-value="…" data-label="…"> or <li role="option" data-href="…">; a choice fills `data-fills`
// (a hidden field's id), follows the link, or presses the option's own button. `data-least`: letters before asking;
// `data-free`: what was typed may be new, and Enter sends it. `data-private`: what is typed may name a person, so it
// goes in the body: no address, history or log holds it.
const PAUSE = 120;
const wired = new WeakSet();

function wire(input) {
  if (wired.has(input)) return;
  wired.add(input);
  const list = () => document.getElementById(input.getAttribute("aria-controls"));
  const hidden = () => document.getElementById(input.dataset.fills);
  const address = input.dataset.choose ?? input.dataset.palette;
  let timer = 0;
  let asked = 0;
  let answered = 0;
  let takeFirst = false;

  const options = () => [...(list()?.querySelectorAll("[role=option]:not([aria-disabled=true])") ?? [])];
  const chosen = () => options().find((option) => option.getAttribute("aria-selected") === "true");

  function mark(n) {
    options().forEach((option, index) => {
      option.id ||= `${list().id}-${index}`;
      option.setAttribute("aria-selected", String(index === n));
    });
    const now = chosen();
    if (now) {
      input.setAttribute("aria-activedescendant", now.id);
      now.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  }

  function close() {
    clearTimeout(timer);
    asked = answered = asked + 1;
    takeFirst = false;
    list()?.replaceChildren();
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function take(option) {
    if (!option) return;
    if (option.dataset.href) return location.assign(option.dataset.href);
    const field = hidden();
    if (field) {
      field.value = option.dataset.value ?? "";
      input.value = option.dataset.label ?? option.textContent.trim().replace(/\s+/g, " ");
      close();
      field.dispatchEvent(new Event("change", { bubbles: true }));
    } else option.querySelector("button, a")?.click();
    input.dispatchEvent(new CustomEvent("chosen", { bubbles: true, detail: { option } }));
    if (field && input.dataset.submits !== undefined) field.form?.requestSubmit();
  }

  async function ask() {
    const words = input.value.trim();
    const turn = ++asked;
    if (words.length < Number(input.dataset.least ?? 1)) return close();
    const question =
      input.dataset.private === undefined
        ? part((address.includes("?") ? address : `${address}?q=`) + encodeURIComponent(words))
        : post(address, new URLSearchParams({ q: words }));
    const answer = await question.catch(() => null);
    if (turn !== asked) return;
    answered = turn;
    if (answer?.status === 401) return signIn().then((signedIn) => signedIn && ask());
    if (!answer?.ok) return close();
    list().replaceChildren(...parse(await answer.text()).childNodes);
    htmx.process(list());
    input.setAttribute("aria-expanded", String(list().childElementCount > 0));
    mark(options().length ? 0 : -1);
    say(list().querySelector("[data-said]")?.textContent.trim() ?? document.body.dataset.textFound?.replace("{n}", options().length));
    if (takeFirst && !chosen() && input.dataset.free !== undefined) input.form.requestSubmit();
    else if (takeFirst) take(chosen());
    takeFirst = false;
  }

  input.addEventListener("input", () => {
    const field = hidden();
    if (field) field.value = "";
    takeFirst = false;
    clearTimeout(timer);
    asked += 1;
    timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const all = options();
    if (step && all.length) {
      event.preventDefault();
      mark((all.indexOf(chosen()) + step + all.length) % all.length);
    } else if (event.key === "Enter" && !event.isComposing) {
      if (chosen()) {
        event.preventDefault();
        take(chosen());
      } else if (asked !== answered && input.value.trim().length >= Number(input.dataset.least ?? 1)) {
        event.preventDefault(); // pressed before the answer came: the first choice is taken when it does
        takeFirst = true;
      } else if (input.dataset.free !== undefined && input.value.trim()) {
        event.preventDefault(); // the browser itself would not send past a form's disabled first button
        input.form.requestSubmit();
      }
    } else if (event.key === "Escape" && list()?.childElementCount) {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "Tab") close();
  });
  document.addEventListener("click", (event) => {
    if (!input.isConnected) return;
    const option = event.target.closest("[role=option]:not([aria-disabled=true])");
    if (option && list()?.contains(option)) {
      if (!option.contains(event.target.closest("button, a, form"))) take(option);
    } else if (!input.dataset.palette && event.target !== input) close();
  });
  input.closest("dialog")?.addEventListener("close", () => {
    input.value = "";
    close();
  });
}

export function wireChoosers() {
  for (const input of document.querySelectorAll("[data-choose], [data-palette]")) wire(input);
}
