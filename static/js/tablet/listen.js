// Reads the question and its answers aloud, where the device has a voice of the language.
const speech = window.speechSynthesis;

const voiceOf = (lang) => speech?.getVoices().find((voice) => voice.lang.toLowerCase().startsWith(lang));

export const canSpeak = (lang) => Boolean(voiceOf(lang));

export function speak(lines, lang) {
  speech.cancel();
  for (const line of lines) {
    const words = new SpeechSynthesisUtterance(line);
    words.voice = voiceOf(lang);
    words.lang = lang;
    words.rate = 0.95;
    speech.speak(words);
  }
}

export const hush = () => speech?.cancel();
export const whenVoicesCome = (act) => speech?.addEventListener?.("voiceschanged", act);
