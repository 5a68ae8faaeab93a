// One line under the top bar says when the server cannot be reached, or when news no longer arrive by themselves.
const box = () => document.getElementById("net");
let unreachable = false;
let deaf = false;

function show() {
  const place = box();
  if (!place) return;
  const words = unreachable ? document.body.dataset.textOffline : deaf ? document.body.dataset.textLiveLost : "";
  if (place.textContent !== (words ?? "")) place.textContent = words ?? "";
  place.hidden = !words;
}

export function failed() {
  unreachable = true;
  show();
}

export function worked() {
  if (!unreachable) return;
  unreachable = false;
  show();
}

export function liveLost() {
  deaf = true;
  show();
}

export function liveBack() {
  if (!deaf) return;
  deaf = false;
  show();
}

window.addEventListener("offline", failed);
window.addEventListener("online", worked);
