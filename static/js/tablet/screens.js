// The screens in turn: language, one question at a time, words, thanks, and the beginning again.
import { watchIdle } from "./idle.js";
import { newKey } from "../key.js";
import { canSpeak, hush, speak, whenVoicesCome } from "./listen.js";
import { keep } from "./queue.js";
import { post, startSending } from "./sender.js";

const ADVANCE = 400;
const THANKS = 8;
const THANKS_LISTENING = 20;
const OLD = 30 * 60_000;

export function start(page) {
  const { home, take } = page.dataset;
  if (page.dataset.screen === "whole") return location.replace(home); // the form of browsers without scripts
  const data = JSON.parse(document.getElementById("tablet-data").textContent);
  const find = (what) => page.querySelector(what);
  const all = (what) => [...page.querySelectorAll(what)];
  const form = find("[data-part=form]");
  const screens = all("[data-question]");
  const box = find("textarea");
  const loaded = Date.now();
  const first = Object.keys(data.languages)[0];
  let net = { state: "online", unsent: 0, refused: 0 };
  let at; // who is answering: language, place, key, whether an answer is being kept
  let timer = 0;
  let byArrow = false;

  const words = () => data.languages[at.language];
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => String(values[name]));

  // --- what is on the screen --------------------------------------------------------------------------------------
  function show(part, { focus = true } = {}) {
    clearTimeout(timer);
    hush();
    at.part = part;
    page.dataset.screen = part;
    const asking = part === "question";
    for (const one of all("[data-part]")) one.hidden = one.dataset.part !== (asking ? "form" : part);
    screens.forEach((screen, place) => (screen.hidden = !asking || place !== at.place));
    const faces = asking && screens[at.place].dataset.kind === "faces";
    find("[data-part=form] .send").hidden = faces;
    for (const one of all("[data-foot=faces]")) one.hidden = !faces;
    for (const one of all("[data-foot=start]")) one.hidden = part !== "start";
    form.querySelector("[data-back]").hidden = false;
    find("[data-not-saved]").hidden = true;
    progress(asking);
    nextWord();
    listenButton();
    window.scrollTo(0, 0);
    if (focus) heading()?.focus({ preventScroll: true });
  }

  const visible = () => (at.part === "question" ? screens[at.place] : find(`[data-part=${at.part}]`));
  const heading = () => visible().querySelector("h1");
  const chosen = (screen) => screen.querySelector("input:checked")?.value;

  function progress(shown) {
    const bar = find("[data-progress]");
    bar.hidden = !shown;
    bar.setAttribute("aria-label", fill(words().step, { n: at.place + 1, all: screens.length }));
    [...bar.children].forEach((mark, place) => mark.classList.toggle("on", place <= at.place));
  }

  function nextWord() {
    const answered = at.part === "question" && chosen(screens[at.place]);
    find("[data-next-text]").textContent = answered ? words().next : words().skip;
  }

  function translate() {
    const { lang, dir } = words();
    document.documentElement.lang = lang;
    document.documentElement.dir = dir;
    for (const one of all("[data-word]")) one.textContent = words()[one.dataset.word];
    const demo = document.querySelector(".demo-mark");
    if (demo) demo.textContent = words().demo;
    data.questions.forEach((question, place) => {
      screens[place].querySelector("[data-text]").textContent = question.texts[at.language];
      screens[place].querySelectorAll(".face > span").forEach((label, face) => {
        label.textContent = question.labels[at.language][face];
      });
    });
    find("[data-foot=start]").textContent = fill(words().promise, { n: screens.length });
    const told = data.followed[at.language];
    find("[data-followed]").hidden = !told;
    if (told) {
      find("[data-followed-text]").textContent = told.text;
      find("[data-followed-text]").lang = told.lang;
    }
    status();
  }

  function status() {
    const place = find("[data-net]");
    const { state, unsent } = net;
    const [icon, text] =
      state === "unpaired" ? ["person-raised-hand", words().staff]
      : state === "offline" ? ["wifi-off", words().offline]
      : unsent ? ["cloud-upload", unsent === 1 ? words().waiting_one : fill(words().waiting_many, { n: unsent })]
      : ["wifi", words().online];
    place.classList.toggle("off", icon !== "wifi");
    place.dataset.unsent = String(unsent);
    place.dataset.refused = String(net.refused);
    for (const one of all("[data-net-icon]")) one.hidden = one.dataset.netIcon !== icon;
    const line = find("[data-net-text]");
    if (line.textContent !== text) line.textContent = text;
  }

  // --- from one to the next ---------------------------------------------------------------------------------------
  function reset({ focus = true } = {}) {
    form.reset();
    box.value = "";
    count();
    idle.stop();
    at = { language: first, place: 0, key: "", saving: false, listening: false };
    translate();
    show("start", { focus });
    if (Date.now() - loaded > OLD) renewPage();
  }

  function begin(language) {
    at.language = language;
    at.key = newKey();
    translate();
    show("question");
    idle.start();
  }

  function forward() {
    if (at.part !== "question" || at.place >= screens.length - 1) return;
    at.place += 1;
    show("question");
  }

  function back() {
    if (at.part !== "question") return;
    if (at.place === 0) return reset();
    at.place -= 1;
    show("question");
  }

  async function send() {
    if (at.part !== "question" || at.saving) return;
    const answer = { key: at.key, questionnaire: data.questionnaire, language: at.language, faces: {}, words: box.value.trim() };
    for (const screen of screens) if (chosen(screen)) answer.faces[screen.dataset.question] = Number(chosen(screen));
    if (!answer.words && !Object.keys(answer.faces).length) return reset();
    const mine = at;
    mine.saving = true;
    const button = find("[data-send]");
    button.setAttribute("aria-busy", "true");
    const saved = await kept(answer);
    button.removeAttribute("aria-busy");
    mine.saving = false;
    if (at !== mine) return;
    if (saved) return thank();
    const line = find("[data-not-saved]");
    line.textContent = words().not_saved;
    line.hidden = false;
  }

  // On the device's disk before thanks are given; a device without one sends at once or says that it could not.
  async function kept(answer) {
    try {
      await keep(answer);
      drain();
      return true;
    } catch {
      return post(take, answer).then((reply) => reply.ok, () => false);
    }
  }

  function thank() {
    const seconds = at.listening ? THANKS_LISTENING : THANKS;
    idle.stop();
    form.reset();
    box.value = "";
    show("thanks");
    page.classList.toggle("slowly", at.listening);
    find("[data-return]").textContent = fill(words().return, { s: seconds });
    timer = setTimeout(reset, seconds * 1000);
  }

  // --- hands ------------------------------------------------------------------------------------------------------
  page.addEventListener("click", (event) => {
    const hit = (what) => event.target.closest(what);
    const language = hit("[data-language]");
    if (language) {
      event.preventDefault();
      return begin(language.dataset.language);
    }
    if (hit("[data-back]")) return back();
    if (hit("[data-next]")) return forward();
    if (hit("[data-again]")) return reset();
    if (hit("[data-listen]")) return listen();
    if (event.target.matches("input[type=radio]")) {
      nextWord();
      if (!byArrow) {
        clearTimeout(timer);
        timer = setTimeout(forward, ADVANCE);
      }
      byArrow = false;
    }
  });
  // Arrows walk from face to face: only a press, a space or Enter goes on.
  page.addEventListener("keydown", (event) => {
    byArrow = event.key.startsWith("Arrow");
    if (byArrow) clearTimeout(timer);
    if (event.key === "Enter" && event.target.matches("input[type=radio]")) {
      event.preventDefault();
      forward();
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  box.addEventListener("input", count);
  function count() {
    const line = find("[data-count]");
    line.hidden = false;
    line.textContent = `${box.value.length} / ${box.maxLength}`;
  }
  page.addEventListener("contextmenu", (event) => event.preventDefault());

  function listenButton() {
    find("[data-listen]").hidden = at.part === "thanks" || !canSpeak(words().lang);
  }
  function listen() {
    at.listening = true;
    const labels = [...visible().querySelectorAll(".face > span, [data-word=optional]")].map((one) => one.textContent);
    speak([heading().textContent, ...labels], words().lang);
  }
  whenVoicesCome(() => at && listenButton());

  // --- nobody goes back into another's answers ----------------------------------------------------------------------
  history.replaceState(null, "", home);
  history.pushState(null, "", home);
  window.addEventListener("popstate", () => {
    history.pushState(null, "", home);
    reset();
  });
  window.addEventListener("pageshow", (event) => event.persisted && reset());
  window.addEventListener("pagehide", () => {
    form.reset();
    box.value = "";
  });

  // New questions and news reach the tablet while nobody uses it.
  async function renewPage() {
    const answer = await fetch(home, { method: "GET", cache: "no-store", headers: { Accept: "text/html" } }).catch(() => null);
    if (answer?.ok && at.part === "start") location.replace(home);
  }

  const idle = watchIdle({ dialog: find("[data-idle]"), words, onLeave: reset });
  at = { language: first };
  reset({ focus: false });
  navigator.storage?.persist?.();
  const drain = startSending(take, (news) => {
    net = news;
    status();
  });
}
