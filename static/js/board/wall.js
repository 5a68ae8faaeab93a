// Listens for "changed", fetches its part, rotates the languages, sounds at a new call, and mends itself.
import { fetchPart } from "./parts.js";
import { chime, say, switchIn, voiceOf, whenVoicesCome } from "./sound.js";

const ROTATE = 8000;
const POLL_LOST = 10_000;
const GAP = 1000;
const NIGHT_HOUR = 4;

export function startBoard(board) {
  const find = (what) => board.querySelector(what);
  const part = () => find("#board-part");
  const zone = "Europe/Helsinki";
  const time = new Intl.DateTimeFormat("fi-FI", { timeZone: zone, hour: "numeric", minute: "2-digit" });
  const hour = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", hourCycle: "h23" });
  const started = Date.now();
  let ahead = 0; // the server's clock against this device's, which nobody sets
  let version = "";
  let source = null;
  let lostAt = 0;
  let timer = 0;
  let next = 0;
  let fetching = false;
  let again = false;
  let turn = 0;

  // --- the part ---------------------------------------------------------------------------------------------------
  async function renew() {
    clearTimeout(timer);
    const wait = next - Date.now();
    if (wait > 0) return void (timer = setTimeout(renew, wait));
    if (fetching) return void (again = true);
    fetching = true;
    next = Date.now() + GAP;
    try {
      const { status, element } = await fetchPart(`${board.dataset.part}?v=${version}`);
      if (status === 401 || status === 404) return location.reload();
      if (!element) throw new Error(String(status));
      swap(element);
      found();
    } catch {
      lost();
    } finally {
      fetching = false;
    }
    if (again) {
      again = false;
      renew();
    }
  }

  function swap(element) {
    const before = part().dataset.call;
    part().replaceWith(element);
    setClock();
    rotate(0);
    if (element.dataset.call && element.dataset.call !== before) called(element);
  }

  function called({ dataset }) {
    find(".now").classList.add("new-call");
    if (sounds()) chime();
    if (speaks()) {
      const words = board.dataset.callWords.replace("{ticket}", [...dataset.ticket].join(" ")).replace("{desk}", dataset.desk);
      say(words, document.documentElement.lang);
    }
  }

  // --- news -------------------------------------------------------------------------------------------------------
  function listen() {
    source?.close();
    const here = new EventSource("/live/");
    source = here;
    here.addEventListener("open", renew);
    here.addEventListener("changed", (event) => {
      const news = JSON.parse(event.data);
      if (news.topic !== board.dataset.topic) return;
      version = /^\d+$/.test(news.version) ? news.version : "";
      renew();
    });
    here.addEventListener("revoked", () => location.reload());
    here.addEventListener("expired", async () => {
      here.close();
      await renew(); // its answer brings a new pass
      listen();
    });
    here.addEventListener("error", () => {
      if (source !== here) return;
      deaf();
      if (here.readyState === EventSource.CLOSED) setTimeout(() => source === here && renew().then(listen), POLL_LOST);
    });
  }

  let polling = 0;
  function deaf() {
    polling ||= setInterval(renew, POLL_LOST);
  }

  function lost() {
    lostAt ||= Date.now();
    const line = find("[data-lost]");
    line.textContent = line.dataset.words.replace("{time}", clock(lostAt));
    line.hidden = false;
    deaf();
  }

  function found() {
    lostAt = 0;
    find("[data-lost]").hidden = true;
    if (source?.readyState === EventSource.OPEN) {
      clearInterval(polling);
      polling = 0;
    }
  }

  // --- time -------------------------------------------------------------------------------------------------------
  const clock = (moment) => time.format(moment + ahead).replace(":", ".");
  function setClock() {
    ahead = Date.parse(part().dataset.now) - Date.now();
    tick();
  }
  function tick() {
    find("[data-clock]").textContent = clock(Date.now());
  }

  // Once a night, when the server answers: new programs reach the wall, and whatever leaked is gone.
  async function atNight() {
    if (Number(hour.format(Date.now() + ahead)) !== NIGHT_HOUR || Date.now() - started < 2 * 60 * 60_000) return;
    const answer = await fetch(board.dataset.healthy, { cache: "no-store" }).catch(() => null);
    if (answer?.ok) location.reload();
  }

  // --- languages: the words take turns, the numbers never move --------------------------------------------------------
  function rotate(step) {
    turn = (turn + step) % Number(board.dataset.languages);
    const label = turn || 1;
    for (const one of board.querySelectorAll("[data-say]")) one.hidden = Number(one.dataset.say) !== label;
    for (const one of board.querySelectorAll("[data-say-all]")) one.hidden = Number(one.dataset.sayAll) !== turn;
    [...find(".pips").children].forEach((pip, place) => pip.classList.toggle("on", place === turn));
  }

  const sounds = switchIn(find("[data-sound]"), "aani", { on: true, act: chime });
  const speaks = switchIn(find("[data-speech]"), "puhe", { on: false });
  const offerSpeech = () => (find("[data-speech]").hidden = !voiceOf(document.documentElement.lang));
  offerSpeech();
  whenVoicesCome(offerSpeech);

  setClock();
  rotate(0);
  setInterval(() => rotate(1), ROTATE);
  setInterval(tick, 5000);
  setInterval(renew, 60_000);
  setInterval(atNight, 5 * 60_000);
  window.addEventListener("online", () => {
    renew();
    listen();
  });
  window.addEventListener("offline", lost);
  document.addEventListener("visibilitychange", () => document.hidden || renew());
  navigator.wakeLock?.request("screen").catch(() => {});
  listen();
}
