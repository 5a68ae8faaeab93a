// A search field with a list of choices (combobox): the palette, and `data-choose` fields of the screens.
import { parse } from "./security.js";

// <input data-choose="/address/?q=" aria-controls="list"> and <ul id="list" role="listbox">. The server answers
// <li role="option" data-value="…" data-href="…">; a choice fills `data-fills` (a hidden field's id) or follows the link.
function wire(input) {
  if (input.dataset.wired) return;
  input.dataset.wired = "1";
  const list = document.getElementById(input.getAttribute("aria-controls"));
  const address = input.dataset.choose ?? input.dataset.palette;
  let timer = 0;
  let asked = 0;

  const options = () => [...list.querySelectorAll("[role=option]")];
  const mark = (n) => {
    const all = options();
    all.forEach((option, index) => {
      option.id ||= `${list.id}-${index}`;
      option.setAttribute("aria-selected", String(index === n));
    });
    const chosen = all[n];
    if (chosen) {
      input.setAttribute("aria-activedescendant", chosen.id);
      chosen.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  };
  const now = () => options().findIndex((option) => option.getAttribute("aria-selected") === "true");

  const take = (option) => {
    if (!option) return;
    if (option.dataset.href) {
      location.assign(option.dataset.href);
      return;
    }
    const hidden = document.getElementById(input.dataset.fills);
    if (hidden) {
      hidden.value = option.dataset.value ?? "";
      input.value = option.dataset.label ?? option.textContent.trim();
      list.replaceChildren();
      input.setAttribute("aria-expanded", "false");
      hidden.dispatchEvent(new Event("change", { bubbles: true }));
    }
    const press = option.querySelector("button, a");
    if (press && !hidden) press.click();
    input.dispatchEvent(new CustomEvent("chosen", { bubbles: true, detail: { option } }));
    if (hidden && input.dataset.submits !== undefined) hidden.form?.requestSubmit();
  };

  const ask = async () => {
    const words = input.value.trim();
    const turn = ++asked;
    if (words.length < Number(input.dataset.least ?? 1)) {
      list.replaceChildren();
      input.setAttribute("aria-expanded", "false");
      return;
    }
    const answer = await fetch(address + (address.includes("?") ? "" : "?q=") + encodeURIComponent(words), {
      headers: { "HX-Request": "true" },
    }).catch(() => null);
    if (!answer?.ok || turn !== asked) return;
    const content = parse(await answer.text());
    list.replaceChildren(...content.childNodes);
    window.htmx?.process?.(list);
    input.setAttribute("aria-expanded", String(options().length > 0));
    mark(options().length ? 0 : -1);
  };

  input.addEventListener("input", () => {
    const hidden = document.getElementById(input.dataset.fills);
    if (hidden) hidden.value = "";
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  });
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const count = options().length;
      if (count) mark((now() + step + count) % count);
    } else if (event.key === "Enter" && options().length && now() >= 0) {
      event.preventDefault();
      take(options()[now()]);
    } else if (event.key === "Escape" && list.childElementCount) {
      event.preventDefault();
      list.replaceChildren();
      input.setAttribute("aria-expanded", "false");
    }
  });
  list.addEventListener("click", (event) => {
    if (event.target.closest("button, a, form")) return;
    take(event.target.closest("[role=option]"));
  });
  if (input.dataset.palette) input.closest("dialog")?.addEventListener("close", () => ((input.value = ""), list.replaceChildren()));
}

export function wireChoosers() {
  for (const input of document.querySelectorAll("[data-choose], [data-palette]")) wire(input);
}
