// An advisor's visit: the search of services and the words of a referral start from nothing after each choice.
import { settled } from "./autosave.js";

document.addEventListener("chosen", (event) => {
  if (!event.target.matches("[data-empties]")) return;
  setTimeout(() => (event.target.value = ""));
});

// Sent: the reason leaves the field, unless it was typed further meanwhile.
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  const form = ctx.request?.form;
  if (form?.id !== "refer-form" || ctx.response.status >= 400) return;
  const { reason, found, visitor_contacts: self } = form.elements;
  found.value = "";
  self.checked = self.defaultChecked = false;
  if (reason.value !== ctx.request.body.get("reason")) return;
  reason.value = reason.defaultValue = "";
  form.querySelector("details").open = false;
  settled(form);
});
