// The one polite live region, and the toast. Words are announced; buttons are not.
const region = () => document.getElementById("said");
const waiting = [];
let speaking = false;

// Sentences that come close together are said one after another, not over each other.
export function say(text) {
  if (!text) return;
  waiting.push(text);
  if (!speaking) next();
}

function next() {
  const text = waiting.shift();
  speaking = text !== undefined;
  if (!speaking || !region()) return;
  region().textContent = "";
  setTimeout(() => (region().textContent = text), 60);
  setTimeout(next, 1200);
}

// News that a part brings by itself (`data-say` is their key) are announced once; what stands on the page when it comes
// is read with the page.
const told = new Set();
let begun = false;
export function tellNews() {
  for (const one of document.querySelectorAll("[data-say]")) {
    if (begun && !told.has(one.dataset.say)) say(one.textContent.replace(/\s+/g, " ").trim());
    told.add(one.dataset.say);
  }
  begun = true;
}

const LASTS = 10_000;
let timer = 0;
const box = () => document.querySelector("[data-toast]");
const hide = () => {
  const shown = box();
  if (shown?.contains(document.activeElement)) document.getElementById("sisalto")?.focus({ preventScroll: true });
  shown?.remove();
};
const start = () => {
  clearTimeout(timer);
  timer = setTimeout(hide, LASTS);
};

const seen = new WeakSet();
export function watchToast() {
  const shown = box();
  if (!shown || seen.has(shown)) return;
  seen.add(shown);
  say(shown.querySelector("[data-toast-text]")?.textContent.trim());
  for (const event of ["pointerenter", "focusin"]) shown.addEventListener(event, () => clearTimeout(timer));
  for (const event of ["pointerleave", "focusout"])
    shown.addEventListener(event, () => {
      if (!shown.matches(":hover, :focus-within")) start();
    });
  shown.querySelector("[data-toast-close]")?.addEventListener("click", hide);
  start();
}

export function toast(text) {
  const place = document.getElementById("toast");
  if (!place || !text) return;
  const shown = document.createElement("div");
  shown.className = "toastx";
  shown.dataset.toast = "";
  const said = document.createElement("span");
  said.dataset.toastText = "";
  said.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn btn-sm";
  close.dataset.toastClose = "";
  close.textContent = document.body.dataset.textClose;
  shown.append(said, close);
  place.replaceChildren(shown);
  watchToast();
}
