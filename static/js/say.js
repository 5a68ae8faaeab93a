// The one polite live region, and the toast. Words are announced; buttons are not.
const region = () => document.getElementById("said");
let last = 0;

export function say(text) {
  const wait = Math.max(0, 400 - (Date.now() - last));
  last = Date.now() + wait;
  setTimeout(() => {
    if (region()) region().textContent = text;
  }, wait);
}

let timer = 0;
const hide = () => document.querySelector("[data-toast]")?.remove();
const start = (ms = 10_000) => {
  clearTimeout(timer);
  timer = setTimeout(hide, ms);
};

export function watchToast() {
  const box = document.querySelector("[data-toast]:not([data-seen])");
  if (!box) return;
  box.dataset.seen = "";
  say(box.querySelector("[data-toast-text]")?.textContent ?? "");
  for (const event of ["pointerenter", "focusin"]) box.addEventListener(event, () => clearTimeout(timer));
  for (const event of ["pointerleave", "focusout"]) box.addEventListener(event, () => start());
  box.querySelector("[data-toast-close]")?.addEventListener("click", hide);
  start();
}

export function toast(text) {
  const place = document.getElementById("toast");
  if (!place) return;
  const box = document.createElement("div");
  box.className = "toastx";
  box.dataset.toast = "";
  const words = document.createElement("span");
  words.dataset.toastText = "";
  words.textContent = text;
  box.append(words);
  place.replaceChildren(box);
  watchToast();
}
