// Keys shown where they act (`data-key`): single letters outside fields only, and only if the user wants them.
const typing = (element) =>
  element?.matches?.("input:not([type=radio], [type=checkbox], [type=button], [type=submit]), textarea, select, [contenteditable]");

const visible = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;

function pressed(event) {
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("ctrl");
  if (event.altKey) parts.push("alt");
  parts.push(event.key.toLowerCase());
  return parts.join("+");
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.altKey) return;
  const key = pressed(event);
  const withControl = event.ctrlKey || event.metaKey;
  if (!withControl && typing(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const dialog = document.querySelector("dialog[open]");
  if (key === "enter" && event.target.closest("a, button, summary, [role=option], label, input")) return;
  if (!withControl && document.body.dataset.singleKeys === "off" && key.length === 1 && key !== "?") return;
  const target = [...(dialog ?? document).querySelectorAll(`[data-key~="${CSS.escape(key)}"]`)].find(
    (one) => !one.disabled && (visible(one) || one.dataset.keyHidden !== undefined || one.closest("details[data-menu]")),
  );
  if (!target) return;
  event.preventDefault();
  if (typing(target)) {
    target.focus();
    target.select?.();
  } else target.click();
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (!opener) return;
  const dialog = document.getElementById(opener.dataset.opens);
  if (!dialog) return;
  if (dialog.id === "keys") listKeys(dialog);
  if (dialog.showModal && !dialog.open) dialog.showModal();
  dialog.querySelector("input, button, a")?.focus();
});

function listKeys(dialog) {
  const list = dialog.querySelector("[data-keys-list]");
  const rows = new Map();
  for (const one of document.querySelectorAll("[data-key]")) {
    if (dialog.contains(one) || rows.has(one.dataset.key)) continue;
    rows.set(one.dataset.key, one.dataset.keyLabel ?? one.getAttribute("aria-label") ?? one.textContent.trim());
  }
  list.replaceChildren(
    ...[...rows].map(([key, label]) => {
      const row = document.createElement("div");
      row.className = "line";
      const mark = document.createElement("dt");
      const name = document.createElement("kbd");
      name.className = "kbd kbd-always";
      name.textContent = key.replace("ctrl+", "Ctrl ").toUpperCase().replace("CTRL", "Ctrl").replace("ENTER", "Enter");
      mark.append(name);
      const meaning = document.createElement("dd");
      meaning.textContent = label.replace(/\s+/g, " ");
      row.append(mark, meaning);
      return row;
    }),
  );
}

// Menus close on Escape, on a press outside, and give the focus back.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details[data-menu][open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
document.addEventListener("pointerdown", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) if (!menu.contains(event.target)) menu.open = false;
});

// Arrow keys inside lists of choices (`data-roving`): one stop for Tab.
document.addEventListener("keydown", (event) => {
  const group = event.target.closest?.("[data-roving]");
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (!group || !step || typing(event.target)) return;
  const stops = [...group.querySelectorAll(group.dataset.roving || "button, a, [role=option]")].filter(visible);
  const now = stops.indexOf(event.target);
  if (now < 0) return;
  event.preventDefault();
  stops[(now + step + stops.length) % stops.length].focus();
});
