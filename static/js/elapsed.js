// Clocks and minutes that run on without being announced: `<time data-elapsed datetime="…">` shows whole minutes since
// then, `data-clock` the time now. `data-elapsed-limits="15 20"` on a wait, or on the list around it, turns its colour and
// word with the minutes.
let skew = 0;

export function startClocks() {
  const server = document.querySelector("[data-server-now]")?.dataset.serverNow;
  if (server) skew = new Date(server).getTime() - Date.now();
  tick();
}

function level(wait, { elapsedLimits, wordShort, wordLong, wordOver }, minutes) {
  const [long, over] = elapsedLimits.split(" ").map(Number);
  const now = minutes >= over ? 3 : minutes >= long ? 2 : 1;
  for (const n of [1, 2, 3]) wait.classList.toggle(`w${n}`, n === now);
  wait.querySelector("rect")?.setAttribute("width", String(Math.min(20, (minutes / over) * 20)));
  const word = wait.querySelector("[data-word]");
  const text = [wordShort, wordLong, wordOver][now - 1];
  if (word && text && word.textContent !== text) word.textContent = text;
}

function tick() {
  const now = Date.now() + skew;
  for (const one of document.querySelectorAll("[data-elapsed]")) {
    const minutes = Math.max(0, Math.floor((now - new Date(one.getAttribute("datetime")).getTime()) / 60_000));
    if (one.textContent !== String(minutes)) one.textContent = String(minutes);
    const wait = one.closest(".wait-m");
    const told = wait?.closest("[data-elapsed-limits]");
    if (told) level(wait, told.dataset, minutes);
  }
  const clock = new Date(now).toLocaleTimeString("fi-FI", { hour: "numeric", minute: "2-digit", timeZone: "Europe/Helsinki" });
  for (const one of document.querySelectorAll("[data-clock]")) if (one.textContent !== clock) one.textContent = clock;
}

setInterval(() => document.hidden || tick(), 15_000);
document.addEventListener("htmx:after:swap", tick);
document.addEventListener("visibilitychange", tick);
