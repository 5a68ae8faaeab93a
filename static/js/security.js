// htmx behind Trusted Types: only answers of this server become HTML, and nothing is ever evaluated.
import htmx from "htmx.org/dist/htmx.esm.js";

const refuse = () => {
  throw new Error("Evaluating text is not allowed here.");
};
const policy = window.trustedTypes
  ? trustedTypes.createPolicy("tyoparkki", { createHTML: (text) => text, createScript: refuse })
  : { createHTML: (text) => text, createScript: refuse };

// What the user has opened or what is under way stays so while a panel is renewed around it.
const KEPT = new Set(["aria-busy"]);

htmx.registerExtension("tyoparkki", {
  init: (api) => api.initSecurity({ createHTML: (text) => policy.createHTML(text), createScript: refuse }, refuse, refuse),
  htmx_before_morph_attr: (element, { attrName }) =>
    !KEPT.has(attrName) && !(attrName === "open" && element.matches("details, dialog")),
});

export const cookie = (name) =>
  document.cookie
    .split("; ")
    .find((part) => part.startsWith(`${name}=`))
    ?.slice(name.length + 1) ?? "";

export const csrf = () => cookie(document.body.dataset.csrfCookie ?? "tp_csrf");

// Signing in, here or in another window, changes the token: what the page carries follows the cookie.
export function renewTokens() {
  const token = csrf();
  if (token) for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token;
}
document.addEventListener("submit", renewTokens, true);

// A request of our own, outside htmx, with the token and the mark of a part.
export const post = (address, body, options = {}) =>
  fetch(address, {
    ...options,
    method: "POST",
    body,
    headers: { "X-CSRFToken": csrf(), "HX-Request": "true" },
  });

// A page's part or state, asked for in the same way: without a session the answer is 401, not the sign-in page.
export const part = (address) => fetch(address, { headers: { "HX-Request": "true" }, cache: "no-store" });

// Children of one of our own answers, for the few places that fetch without htmx.
export const parse = (text) => {
  const template = document.createElement("template");
  template.innerHTML = policy.createHTML(text);
  return template.content;
};

export default htmx;
