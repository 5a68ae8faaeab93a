// Keys shown where they act (`data-key`): single letters outside fields only, and only if the user wants them.
import { leave } from "./focus.js";

const typing = (element) =>
  element?.matches?.("input:not([type=radio], [type=checkbox], [type=button], [type=submit]), textarea, select, [contenteditable]");

const visible = (element) => element.checkVisibility?.({ visibilityProperty: true }) ?? element.offsetParent !== null;
const letter = (key) => /^\p{L}$/u.test(key);

function pressed(event) {
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("ctrl");
  if (event.shiftKey && (letter(event.key) || event.key.length > 1)) parts.push("shift");
  parts.push(event.key === "Escape" ? "esc" : event.key.toLowerCase());
  return parts.join("+");
}

function allowed(event, key) {
  if (event.ctrlKey || event.metaKey) return true;
  if (typing(event.target)) return false;
  if (key === "enter" && event.target.closest("a, button, summary, [role=option], label, input")) return false;
  return key.length > 1 || key === "?" || document.body.dataset.singleKeys !== "off";
}

// Esc in a field closes its form at once while nothing has been changed there; what is typed goes only by a second Esc.
function changed(one) {
  if (one.matches("select")) return one.selectedIndex !== Math.max(0, [...one.options].findIndex((choice) => choice.defaultSelected));
  if (one.matches("[type=radio], [type=checkbox]")) return one.checked !== one.defaultChecked;
  return one.matches("input:not([type=hidden]), textarea") && one.value !== one.defaultValue;
}

document.addEventListener("keydown", (event) => {
  // A held Enter is one press: it must not answer the question that has taken the focus meanwhile.
  if (event.repeat && event.key === "Enter" && event.target.closest?.("button, a[href], summary")) return event.preventDefault();
  if (event.defaultPrevented || event.isComposing || event.altKey) return;
  if (event.key === "Escape" && typing(event.target) && !event.target.closest("dialog")) {
    const closer = [...(event.target.form?.elements ?? [])].some(changed) ? null : event.target.form?.querySelector("[data-key~=esc]");
    return closer ? closer.click() : leave(event.target);
  }
  const key = pressed(event);
  if (!allowed(event, key)) return;
  const scope = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document;
  const target = [...scope.querySelectorAll(`[data-key~="${CSS.escape(key)}"]`)].find(
    (one) => !one.disabled && (visible(one) || one.dataset.keyHidden !== undefined || one.closest("details[data-menu]")),
  );
  if (!target) return;
  event.preventDefault();
  if (event.repeat && target.dataset.keyRepeats === undefined) return; // a held key is one press
  if (typing(target)) {
    target.focus();
    target.select?.();
  } else target.click();
});

// What a key is called in the list: its own label, else the words of the control without the key itself.
function nameOf(element) {
  const own = element.dataset.keyLabel ?? element.getAttribute("aria-label");
  if (own) return own;
  const copy = element.cloneNode(true);
  for (const part of copy.querySelectorAll("kbd, svg, .sr")) part.remove();
  return (copy.textContent.trim() || element.labels?.[0]?.textContent || element.placeholder || "").replace(/\s+/g, " ").trim();
}

const NAMES = { enter: "Enter", esc: "Esc", ctrl: "Ctrl", shift: "Shift", arrowup: "↑", arrowdown: "↓" };
const shown = (key) =>
  key
    .split("+")
    .map((part) => NAMES[part] ?? part.toUpperCase())
    .join(" ");

export function listKeys(dialog) {
  const rows = new Map();
  for (const one of document.querySelectorAll("[data-key]")) {
    const reachable = visible(one) || one.dataset.keyHidden !== undefined || one.closest("details[data-menu]");
    if (!reachable || dialog.contains(one)) continue;
    for (const key of one.dataset.key.split(" ")) if (!rows.has(key)) rows.set(key, nameOf(one));
  }
  const order = (key) => (key.includes("+") ? 2 : key.length > 1 ? 1 : 0);
  const sorted = [...rows].sort(([a], [b]) => order(a) - order(b) || a.localeCompare(b, "fi"));
  dialog.querySelector("[data-keys-list]").replaceChildren(
    ...sorted.map(([key, label]) => {
      const row = document.createElement("div");
      const mark = document.createElement("dt");
      const name = document.createElement("kbd");
      name.className = "kbd kbd-always";
      name.textContent = shown(key);
      mark.append(name);
      const meaning = document.createElement("dd");
      meaning.textContent = label;
      row.append(mark, meaning);
      return row;
    }),
  );
}

// Arrow keys inside lists of choices (`data-roving`): one stop for Tab, Home and End to the ends.
const stopsOf = (group) => [...group.querySelectorAll(group.dataset.roving || "button, a[href], [role=option], summary")];

document.addEventListener("keydown", (event) => {
  const group = event.target.closest?.("[data-roving]");
  if (!group || typing(event.target) || event.ctrlKey || event.altKey || event.metaKey) return;
  const stops = stopsOf(group).filter((one) => visible(one) && !one.disabled);
  const now = stops.indexOf(event.target);
  const last = stops.length - 1;
  const mirrored = getComputedStyle(group).direction === "rtl" ? -1 : 1;
  const step = { ArrowDown: 1, ArrowRight: mirrored, ArrowUp: -1, ArrowLeft: -mirrored }[event.key];
  const to = { Home: 0, End: last }[event.key] ?? (step ? (now + step + stops.length) % stops.length : -1);
  if (now < 0 || to < 0) return;
  event.preventDefault();
  stops[to].focus();
});
document.addEventListener("focusin", (event) => {
  const group = event.target.closest?.("[data-roving]");
  if (!group) return;
  const stops = stopsOf(group);
  if (stops.includes(event.target)) for (const one of stops) one.tabIndex = one === event.target ? 0 : -1;
});

export function wireRoving() {
  for (const group of document.querySelectorAll("[data-roving]")) {
    const stops = stopsOf(group);
    if (stops.length && !stops.some((one) => one.tabIndex === 0 && one.hasAttribute("tabindex"))) {
      const first = stops.find((one) => one.matches("[aria-pressed=true], [aria-checked=true], [aria-current]")) ?? stops[0];
      for (const one of stops) one.tabIndex = one === first ? 0 : -1;
    }
  }
}
