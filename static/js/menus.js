// Menus, dialogs and the small things that a press opens.
import { listKeys } from "./keys.js";

const openers = new WeakMap();

function open(dialog, opener) {
  if (dialog.id === "keys") listKeys(dialog);
  openers.set(dialog, opener);
  for (const menu of document.querySelectorAll("details[data-menu][open]")) menu.open = false;
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("[autofocus], input, button, a")?.focus();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  const dialog = opener && document.getElementById(opener.dataset.opens);
  if (dialog?.showModal) {
    event.preventDefault();
    open(dialog, opener);
  }
  const closer = event.target.closest("[data-closes]");
  if (closer) closer.closest("dialog")?.close();
  if (event.target.matches("dialog")) event.target.close(); // a press on the shade beside it
});

// The focus goes back to what opened the dialog; inside a menu, to the menu's own button.
document.addEventListener(
  "close",
  (event) => {
    const opener = openers.get(event.target);
    const stop = opener?.closest("details[data-menu]")?.querySelector("summary") ?? opener;
    if (stop?.isConnected) stop.focus();
  },
  true,
);

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details[data-menu]") ?? document.querySelector("details[data-menu][open]");
  if (event.key === "Escape" && menu?.open && !event.defaultPrevented) {
    menu.open = false;
    menu.querySelector("summary").focus();
    event.preventDefault();
  }
  if (!menu?.contains(event.target) || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  event.preventDefault();
  menu.open = true;
  const stops = [...menu.querySelectorAll(".menu :is(a[href], button:not([disabled]))")];
  const now = stops.indexOf(event.target);
  const step = event.key === "ArrowDown" ? 1 : -1;
  stops[now < 0 ? (step > 0 ? 0 : stops.length - 1) : (now + step + stops.length) % stops.length]?.focus();
});
document.addEventListener("pointerdown", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("focusout", (event) => {
  const menu = event.target.closest?.("details[data-menu][open]");
  if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
  const copies = event.target.closest("[data-copy]");
  if (copies) document.getElementById(copies.dataset.copy).select();
  if (copies) navigator.clipboard?.writeText(document.getElementById(copies.dataset.copy).value);
  const eye = event.target.closest("[data-reveals]");
  const field = eye && document.getElementById(eye.dataset.reveals);
  if (!field) return;
  const shown = field.type === "password";
  field.type = shown ? "text" : "password";
  eye.setAttribute("aria-pressed", String(shown));
  eye.textContent = shown ? eye.dataset.textHide : eye.dataset.textShow;
});
// A field or choice that sends its form by itself.
document.addEventListener("change", (event) => {
  if (event.target.closest("[data-submits-form]")) event.target.form?.requestSubmit();
});
