// Nobody there: after 45 seconds a question, after 15 more the beginning. Any touch or key is an answer.
const QUIET = 45_000;
const WARNING = 15;

export function watchIdle({ dialog, words, onLeave }) {
  const text = dialog.querySelector("[data-idle-text]");
  let timer = 0;
  let tick = 0;

  const stop = () => {
    clearTimeout(timer);
    clearInterval(tick);
    if (dialog.open) dialog.close();
  };
  const begin = () => {
    stop();
    timer = setTimeout(warn, QUIET);
  };
  function warn() {
    let left = WARNING;
    const say = () => (text.textContent = words().return.replace("{s}", String(left)));
    say();
    dialog.showModal();
    tick = setInterval(() => {
      left -= 1;
      if (left > 0) return say();
      stop();
      onLeave();
    }, 1000);
  }
  let running = false;
  // The press that closes the question must not reach what lies under it: the question goes when the press is over.
  function touched({ type }) {
    if (!running) return;
    if (!dialog.open || type === "keydown" || type === "click") return begin();
    clearTimeout(timer);
    clearInterval(tick);
    timer = setTimeout(begin, 500);
  }
  for (const kind of ["pointerdown", "click", "keydown", "input", "wheel"])
    document.addEventListener(kind, touched, { capture: true, passive: true });
  dialog.addEventListener("cancel", (event) => event.preventDefault());

  return {
    start() {
      running = true;
      begin();
    },
    stop() {
      running = false;
      stop();
    },
  };
}
