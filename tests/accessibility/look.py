"""What is looked at on a page besides axe's rules: width, targets, focus."""

from __future__ import annotations

from playwright.sync_api import Page

SMALLEST = 24
SMALLEST_ON_TABLET = 64

_WIDE = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  // What is placed outside the flow is held only by a box that it is placed in.
  const held = (one) => {
    let outside = getComputedStyle(one).position === "absolute";
    for (let up = one.parentElement; up && up !== document.body; up = up.parentElement) {
      const style = getComputedStyle(up);
      if (outside && style.position === "static") continue;
      if (style.overflowX !== "visible") return true;
      outside = style.position === "absolute";
    }
    return false;
  };
  const found = [...document.body.querySelectorAll("*")].filter((one) => {
    const box = one.getBoundingClientRect();
    if (!box.width || box.right < 0 || !one.checkVisibility()) return false;
    // A word too long for its box goes on outside it.
    const inside = getComputedStyle(one).overflowX === "visible" ? one.scrollWidth : 0;
    const end = Math.max(box.right, box.left + inside);
    return (end > room + 1 || box.left < -1) && !held(one);
  });
  return [document.documentElement.scrollWidth + " px in " + room,
    ...found.slice(-4).map((one) => one.outerHTML.slice(0, 120))];
}"""

# A target is the control with its label; a link inside a sentence is exempt, and so is what the browser draws itself.
_SMALL = """(least) => {
  const controls = "a[href], button, summary, select, textarea, input:not([type=hidden]), [role=option], label.chip";
  const shown = (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const inSentence = (one) => {
    if (one.tagName !== "A" || getComputedStyle(one).display !== "inline") return false;
    const around = one.closest("p, li, dd, td, span, div")?.textContent.trim() ?? "";
    return around.length > one.textContent.trim().length + 3;
  };
  const box = (one) => {
    const boxes = [one, ...(one.labels ?? [])].map((part) => part.getBoundingClientRect());
    const parts = boxes.filter(({ width }) => width > 1);
    const most = (side) => Math.max(0, ...parts.map((part) => part[side]));
    return { width: most("width"), height: most("height") };
  };
  const found = [];
  for (const one of document.querySelectorAll(controls)) {
    const size = box(one);
    const hiddenInput = one.matches("input") && one.getBoundingClientRect().width <= 1 && !one.labels?.length;
    if (!shown(one) || hiddenInput || one.matches(".skip, [disabled]") || inSentence(one) || size.width <= 1) continue;
    if (size.width < least - 0.5 || size.height < least - 0.5)
      found.push(Math.round(size.width) + "×" + Math.round(size.height) + " " + one.outerHTML.slice(0, 120));
  }
  return found;
}"""


def scrolls_sideways(page: Page) -> list[str]:
    """What makes the page wider than the window; nothing when it fits."""
    found: list[str] = page.evaluate(_WIDE)
    return found


def small_targets(page: Page, *, least: int = SMALLEST) -> list[str]:
    """Controls that a finger would miss, with their size."""
    found: list[str] = page.evaluate(_SMALL, least)
    return found


def has_lost_focus(page: Page) -> bool:
    """The focus fell to the page as a whole: a keyboard would start again from the top."""
    return bool(page.evaluate("document.activeElement === document.body || document.activeElement === null"))
