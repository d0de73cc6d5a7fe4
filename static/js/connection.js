// Whether Debrief can be reached: one state for everything that sends, shown in one place.
import { announce } from "./announce.js";

let isReached = true;

function show() {
  for (const notice of document.querySelectorAll("[data-offline-notice]")) notice.hidden = isReached;
}

export function reached() {
  if (isReached) return;
  isReached = true;
  show();
  announce("online");
  document.dispatchEvent(new CustomEvent("debrief:reached"));
}

export function lost() {
  if (!isReached) return;
  isReached = false;
  show();
  announce("offline");
}

// How long to wait before the next attempt: longer each time, and never quite as long as everybody else.
export function patience(attempt) {
  return Math.min(30_000, 1_500 * 2 ** Math.min(attempt, 5)) * (0.8 + Math.random() * 0.4);
}

window.addEventListener("offline", lost);
document.addEventListener("htmx:load", show);
