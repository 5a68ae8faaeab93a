// An advisor's visit: the search of services and the words of a referral start from nothing after each choice.
import { settled } from "./autosave.js";

document.addEventListener("chosen", (event) => {
  if (!event.target.matches("[data-empties]")) return;
  setTimeout(() => (event.target.value = ""));
});

// Sent: reason and recipient leave their fields, unless something was typed further meanwhile. An address that stayed
// would be asked for the next referral too.
const WORDS = ["reason", "recipient_email", "recipient_phone"];
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  const form = ctx.request?.form;
  if (form?.id !== "refer-form" || ctx.response.status >= 400) return;
  const { found, visitor_contacts: self, language } = form.elements;
  found.value = "";
  self.checked = self.defaultChecked = false;
  if (WORDS.some((name) => form.elements[name].value !== ctx.request.body.get(name))) return;
  for (const name of WORDS) form.elements[name].value = form.elements[name].defaultValue = "";
  for (const option of language.options) option.selected = option.defaultSelected = option.index === 0;
  for (const part of form.querySelectorAll("details")) part.open = false;
  settled(form);
});
