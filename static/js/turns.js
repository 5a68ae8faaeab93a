// At the door each press is a visitor of their own: what is pressed while the last press is on its way waits its turn,
// as it was when it was pressed, with a key of its own. When a press fails, those behind it are not sent, and it is said.
// `data-each-press="other"`: the same thing pressed again is a double click and nothing more.
import { newKey } from "./key.js";
import { toast } from "./say.js";

const waiting = [];
let next = null;
let sent = "";

const content = (body) => String(new URLSearchParams([...body].filter(([name]) => name !== "submission_key")));

export function waitTurn({ request: { form, submitter, body } }) {
  if (!form?.matches("[data-each-press]")) return;
  const earlier = [sent, ...waiting.map((press) => content(press.body))];
  if (form.dataset.eachPress === "other" && earlier.includes(content(body))) return;
  body.set("submission_key", newKey());
  waiting.push({ form, submitter, body });
  form.dispatchEvent(new CustomEvent("tp:waits", { bubbles: true, detail: { submitter } }));
}

export function takeTurn(ctx) {
  ctx.hasWaited = next !== null && next.form === ctx.request.form;
  if (ctx.hasWaited) ctx.request.body = next.body;
  next = null;
  if (ctx.request.form?.matches("[data-each-press]")) sent = content(ctx.request.body);
}

export function passTurn(status) {
  if (!waiting.length || status === 401) return;
  if (status !== 200) {
    waiting.length = 0;
    return toast(document.body.dataset.textNotSent);
  }
  next = waiting.shift();
  if (next.form.isConnected) next.form.requestSubmit(next.submitter?.isConnected ? next.submitter : null);
}
