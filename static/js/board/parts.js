// Our own server's answers become elements, and nothing else does.
const policy = window.trustedTypes
  ? trustedTypes.createPolicy("tyoparkki", { createHTML: (text) => text })
  : { createHTML: (text) => text };

export function elementOf(text) {
  const template = document.createElement("template");
  template.innerHTML = policy.createHTML(text);
  return template.content.firstElementChild;
}

export async function fetchPart(address) {
  const answer = await fetch(address, {
    cache: "no-store",
    credentials: "same-origin",
    referrerPolicy: "no-referrer",
    headers: { Accept: "text/html" },
    signal: AbortSignal.timeout(10_000),
  });
  return { status: answer.status, element: answer.ok ? elementOf(await answer.text()) : null };
}
