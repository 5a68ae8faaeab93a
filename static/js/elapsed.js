// Clocks and minutes that run on: `<time data-elapsed datetime="…">` shows whole minutes, `data-clock` the time now.
let skew = 0;

export function startClocks() {
  const server = document.querySelector("[data-server-now]")?.dataset.serverNow;
  if (server) skew = new Date(server).getTime() - Date.now();
  tick();
}

function tick() {
  const now = Date.now() + skew;
  for (const one of document.querySelectorAll("[data-elapsed]")) {
    const minutes = Math.max(0, Math.floor((now - new Date(one.getAttribute("datetime")).getTime()) / 60_000));
    if (one.textContent !== String(minutes)) one.textContent = String(minutes);
  }
  const clock = new Date(now).toLocaleTimeString("fi-FI", { hour: "numeric", minute: "2-digit", timeZone: "Europe/Helsinki" });
  for (const one of document.querySelectorAll("[data-clock]")) if (one.textContent !== clock) one.textContent = clock;
}

setInterval(() => document.hidden || tick(), 15_000);
document.addEventListener("htmx:after:swap", tick);
