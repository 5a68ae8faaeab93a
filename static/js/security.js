// htmx behind Trusted Types: only answers of this server become HTML, and nothing is ever evaluated.
import htmx from "htmx.org/dist/htmx.esm.js";

const refuse = () => {
  throw new Error("Evaluating text is not allowed here.");
};
const policy = window.trustedTypes
  ? trustedTypes.createPolicy("tyoparkki", { createHTML: (text) => text, createScript: refuse })
  : { createHTML: (text) => text, createScript: refuse };

htmx.registerExtension("tyoparkki", {
  init: (api) => api.initSecurity({ createHTML: (text) => policy.createHTML(text), createScript: refuse }, refuse, refuse),
});

export const cookie = (name) =>
  document.cookie
    .split("; ")
    .find((part) => part.startsWith(`${name}=`))
    ?.slice(name.length + 1) ?? "";

export const csrf = () => cookie(document.body.dataset.csrfCookie ?? "tp_csrf");

// Children of one of our own answers, for the few places that fetch without htmx.
export const parse = (text) => {
  const template = document.createElement("template");
  template.innerHTML = policy.createHTML(text);
  return template.content;
};

export default htmx;
