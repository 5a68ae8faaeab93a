// Two soft tones, made here: no file to fetch. Muted for good by `?aani=0`; the spoken call is on with `?puhe=1`.
let context = null;

export function chime() {
  try {
    context ??= new AudioContext();
    context.resume();
    [
      [659.25, 0],
      [523.25, 0.35],
    ].forEach(([pitch, after]) => tone(pitch, context.currentTime + after));
  } catch {
    // a device without sound still shows the number
  }
}

function tone(pitch, at) {
  const source = context.createOscillator();
  const volume = context.createGain();
  source.type = "sine";
  source.frequency.value = pitch;
  volume.gain.setValueAtTime(0.0001, at);
  volume.gain.exponentialRampToValueAtTime(0.4, at + 0.03);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + 1.1);
  source.connect(volume).connect(context.destination);
  source.start(at);
  source.stop(at + 1.2);
}

const speech = window.speechSynthesis;
export const voiceOf = (lang) => speech?.getVoices().find((voice) => voice.lang.toLowerCase().startsWith(lang));

export function say(text, lang) {
  const voice = voiceOf(lang);
  if (!voice) return;
  const words = new SpeechSynthesisUtterance(text);
  words.voice = voice;
  words.lang = lang;
  words.rate = 0.85;
  speech.cancel();
  setTimeout(() => speech.speak(words), 1400);
}

export const whenVoicesCome = (act) => speech?.addEventListener?.("voiceschanged", act);

// A switch whose state lives in the address, so that it outlasts the nightly reload and nothing is stored.
export function switchIn(button, name, { on, act }) {
  const read = () => new URLSearchParams(location.search).get(name) ?? (on ? "1" : "0");
  const show = () => {
    const is = read() === "1";
    button.setAttribute("aria-pressed", String(is));
    for (const mark of button.querySelectorAll("[data-on]")) mark.hidden = !is;
    for (const mark of button.querySelectorAll("[data-off]")) mark.hidden = is;
  };
  button.addEventListener("click", () => {
    const address = new URL(location.href);
    address.searchParams.set(name, read() === "1" ? "0" : "1");
    history.replaceState(null, "", address);
    show();
    if (read() === "1") act?.();
  });
  show();
  return () => read() === "1";
}
