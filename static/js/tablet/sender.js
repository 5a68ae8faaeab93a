// Sends what waits: after each answer, when the network comes back, when the page is seen again, every half a minute.
import { counts, forget, setAside, unsent } from "./queue.js";

const EVERY = 30_000;
const PATIENCE = 15_000;

let sending = false;
let again = false;

export function startSending(address, tell) {
  async function drain() {
    if (sending) return void (again = true); // what came meanwhile is looked at right after
    sending = true;
    do {
      again = false;
      await send(address, tell);
    } while (again);
    sending = false;
  }
  window.addEventListener("online", drain);
  window.addEventListener("offline", drain);
  document.addEventListener("visibilitychange", () => document.hidden || drain());
  setInterval(drain, EVERY);
  drain();
  return drain;
}

export const post = (address, answer) =>
  fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(answer),
    cache: "no-store",
    credentials: "same-origin",
    referrerPolicy: "no-referrer",
    signal: AbortSignal.timeout(PATIENCE),
  });

async function send(address, tell) {
  let state = navigator.onLine ? "online" : "offline";
  try {
    for (const answer of state === "online" ? await unsent() : []) {
      state = await one(address, answer);
      if (state !== "online") break;
    }
    tell({ state, ...(await counts()) });
  } catch {
    tell({ state, unsent: 0, refused: 0 });
  }
}

async function one(address, answer) {
  let status;
  try {
    ({ status } = await post(address, answer));
  } catch {
    return "offline";
  }
  if ((status >= 200 && status < 300) || status === 409) await forget(answer.key);
  else if (status === 422) await setAside(answer, status);
  else if (status === 401) return "unpaired";
  else return "busy"; // 429 and 5xx: kept, tried again later
  return "online";
}
