// A form that leads to another page (no hx-post) would lose what was typed if the session has ended meanwhile. So the
// server is asked first: when nobody is signed in any more, the dialog opens here, and the form goes on from there.
import { failed, worked } from "./net.js";
import { toast } from "./say.js";
import { part } from "./security.js";
import { signIn } from "./signin.js";

const words = () => document.body.dataset;
const asked = new WeakSet();
const sure = new WeakSet();

const isOurs = (form, pressed) =>
  document.getElementById("signin") &&
  (pressed?.getAttribute("formmethod") ?? form.method).toLowerCase() === "post" &&
  (pressed?.getAttribute("formtarget") ?? form.target) !== "_blank" && // here all stays as it is; who has to sign in, signs in there
  !form.matches("[hx-post], [data-signin]") &&
  !pressed?.matches("[hx-post]");

async function ask(form, pressed) {
  const answer = await part(words().session).catch(() => null);
  if (!answer) {
    failed();
    return toast(words().textNotSent);
  }
  worked();
  if (answer.status === 401 && !(await signIn())) return;
  if (!form.isConnected) return;
  sure.add(form);
  form.requestSubmit(pressed?.isConnected ? pressed : null);
  sure.delete(form);
  return true; // the page is leaving
}

document.addEventListener("submit", (event) => {
  const { target: form, submitter: pressed } = event;
  if (event.defaultPrevented || sure.has(form) || !isOurs(form, pressed)) return;
  event.preventDefault();
  if (asked.has(form)) return; // the second press of the same thing
  asked.add(form);
  pressed?.setAttribute("aria-busy", "true");
  ask(form, pressed)
    .then((leaves) => leaves || pressed?.removeAttribute("aria-busy"))
    .finally(() => asked.delete(form));
});
