// The session ended while somebody was working: sign in again on the same page, then go on where it stopped.
import { csrf, post, renewTokens } from "./security.js";

const dialog = () => document.getElementById("signin");
let settle = null;
let waiting = null;

// Resolves to true once signed in again, to false when the dialog is closed without it.
export function signIn() {
  const box = dialog();
  if (!box) return Promise.resolve(false);
  waiting ??= new Promise((resolve) => (settle = resolve));
  const promise = waiting;
  if (!box.open) {
    box.showModal();
    box.querySelector("[type=password]")?.focus();
  }
  return promise;
}

function end(result) {
  settle?.(result);
  settle = waiting = null;
  if (dialog().open) dialog().close();
  if (result) document.dispatchEvent(new CustomEvent("tp:signed-in"));
}

async function send(form) {
  const answer = await fetch(form.action, {
    method: "POST",
    body: new URLSearchParams(new FormData(form)),
    headers: { "X-CSRFToken": csrf(), "X-Requested-With": "XMLHttpRequest", Accept: "application/json" },
  }).catch(() => null);
  const wrong = form.querySelector("[data-signin-error]");
  const further = form.querySelector("[data-signin-further]");
  const next = answer?.ok ? ((await answer.json().catch(() => ({}))).location ?? "") : "";
  wrong.hidden = Boolean(answer?.ok);
  further.hidden = !next.includes("/2fa/");
  form.querySelector("[type=password]").value = "";
  if (!answer?.ok || !further.hidden) {
    (further.hidden ? form.querySelector("[type=password]") : further.querySelector("a")).focus();
    return;
  }
  renewTokens();
  // The same role as before, not whichever comes first.
  if (form.dataset.membership)
    await post(form.dataset.actAs, new URLSearchParams({ membership: form.dataset.membership })).catch(() => null);
  end(true);
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-signin]");
  if (!form) return;
  event.preventDefault();
  send(form);
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-signin-done]")) return;
  renewTokens();
  end(true);
});
dialog()?.addEventListener("close", () => settle && end(false));
