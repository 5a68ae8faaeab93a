// One's own turn on one's own phone: looks again every 15 seconds while the page is seen, and says when it is time.
import { fetchPart } from "./board/parts.js";

const EVERY = 15_000;
const OVER = new Set(["done", "ended"]);
const part = () => document.getElementById("turn-part");
const lost = document.querySelector("[data-lost]");
const title = document.title;

async function look() {
  if (document.hidden || !part() || OVER.has(part().dataset.state)) return;
  const address = new URL(location.href);
  address.searchParams.set("osa", "1");
  try {
    const { status, element } = await fetchPart(address);
    if (status === 404) return location.reload();
    if (!element) throw new Error(String(status));
    const before = part().dataset.state;
    // Only what changed is put in place: the line that is read aloud stays the same element.
    part().className = element.className;
    part().dataset.state = element.dataset.state;
    [...element.children].forEach((child, place) => {
      const mine = part().children[place];
      if (mine.innerHTML !== child.innerHTML) mine.replaceChildren(...child.childNodes);
    });
    lost.hidden = true;
    if (element.dataset.state === "called") {
      document.title = `● ${title}`;
      if (before !== "called") navigator.vibrate?.([200, 100, 200]);
    } else document.title = title;
  } catch {
    lost.hidden = false;
  }
}

setInterval(look, EVERY);
document.addEventListener("visibilitychange", look);
window.addEventListener("online", look);
document.querySelector("[data-again]")?.addEventListener("click", (event) => {
  event.preventDefault();
  look();
});
