// After a swap the focus stays on the pressed control; if that is gone, on the row's next control, else on the panel's
// heading. It never falls to the page as a whole.
const CONTROLS = "a[href], button:not([disabled]), input:not([type=hidden]), select, textarea, summary";

// A key pressed while nothing has the focus leads to the heading of the panel where it acted (`pressed`).
export function placeOf(element, pressed) {
  if (!element || element === document.body)
    return pressed?.matches?.("button, a, input") ? { panelId: pressed.closest("[id].panel")?.id } : null;
  const row = element.closest("li, tr, [data-row]");
  const rows = row?.parentElement ? [...row.parentElement.children] : [];
  return {
    id: element.id,
    testid: element.dataset?.testid,
    rowId: row?.id,
    nextId: rows[rows.indexOf(row) + 1]?.id,
    panelId: element.closest("[id].panel, [id][data-live], section[id], form[id]")?.id,
  };
}

export function restoreFocus(place) {
  if (!place || (document.activeElement && document.activeElement !== document.body)) return;
  const byId = (id) => (id ? document.getElementById(id) : null);
  const row = byId(place.rowId) ?? byId(place.nextId);
  const panel = byId(place.panelId) ?? document.getElementById("sisalto");
  const shown = (one) => (one?.checkVisibility() ? one : null); // what is folded away takes no focus
  const next =
    shown(byId(place.id)) ??
    shown(place.testid && document.querySelector(`[data-testid="${CSS.escape(place.testid)}"]`)) ??
    row?.querySelector(CONTROLS) ??
    panel?.querySelector("h1, h2, h3") ??
    document.getElementById("sisalto");
  focusOn(next, { preventScroll: true });
}

// Esc in a field leads to the nearest heading above it: single keys act from there, and Tab goes on within the panel.
export function leave(field) {
  let around = field.parentElement;
  while (around && !around.querySelector("h1, h2, h3")) around = around.parentElement;
  focusOn(around?.querySelector("h1, h2, h3") ?? document.getElementById("sisalto"), { preventScroll: true });
}

export function focusOn(element, options) {
  if (!element) return;
  if (!element.matches(`${CONTROLS}, [tabindex]`)) element.tabIndex = -1;
  element.focus(options);
}

// A part may name the place that wants the focus once (`data-focus`): an error summary, a question.
const given = new WeakSet();
export function focusWanted(root = document) {
  const wanted = [...root.querySelectorAll("[data-focus]")].find((one) => !given.has(one));
  if (!wanted) return false;
  given.add(wanted);
  focusOn(wanted);
  return true;
}
