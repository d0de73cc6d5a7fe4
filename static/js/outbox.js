// Events that Debrief does not have yet: kept in this browser, sent in the order in which they were typed, from
// whichever page is open. Each has a key, under which Debrief adds it once, however often it is sent.
import * as clock from "./clock.js";
import { lost, patience, reached } from "./connection.js";
import * as store from "./store.js";

const ENOUGH_SECONDS = 20;
let isSending = false;
let attempt = 0;
let timer = null;
// Where the browser keeps nothing, the queue lasts as long as the page.
const unkept = new Map();

export function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return crypto.randomUUID?.() ?? [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function tell(what, detail = {}) {
  document.dispatchEvent(new CustomEvent(`debrief:${what}`, { detail }));
}

function save(item) {
  if (store.write("event", item.name, item)) unkept.delete(item.name);
  else unkept.set(item.name, item);
  tell("outbox");
}

export function items() {
  const kept = store.names("event").map((name) => store.read("event", name)).filter(Boolean);
  return [...kept, ...unkept.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
}

export function take(item) {
  store.remove("event", item.name);
  unkept.delete(item.name);
  tell("outbox");
}

export function enqueue(address, fields, key) {
  const typedAt = clock.now();
  save({ name: `${String(typedAt).padStart(16, "0")}-${key}`, key, address, fields, typedAt, state: "waiting" });
  drain();
}

// What the page says for each refusal stands at #messages.
function refuse(item, reason, state = "refused") {
  // Taken back while it was on its way, it is being typed again.
  if (items().some((each) => each.name === item.name)) save({ ...item, state, reason });
}

function reasonOf(status, text) {
  const said = new DOMParser().parseFromString(text, "text/html").querySelectorAll(".errorlist li");
  const words = document.getElementById("messages")?.dataset ?? {};
  return [...said].map((line) => line.textContent).join(" ") || words[status] || words.other;
}

function bodyOf(item) {
  const body = new FormData();
  for (const [name, value] of item.fields) body.append(name, value);
  body.append("submission_key", item.key);
  body.append("typed_at", String(item.typedAt));
  body.append("csrfmiddlewaretoken", document.cookie.match(/(?:^|; )debrief_csrf=([^;]+)/)?.[1] ?? "");
  return body;
}

// True where the next one may be sent: this one was added, or refused for good.
async function send(item) {
  let response;
  let text;
  try {
    response = await fetch(item.address, {
      method: "POST",
      body: bodyOf(item),
      headers: { "HX-Request": "true", "HX-Current-URL": window.location.href },
      signal: AbortSignal.timeout(ENOUGH_SECONDS * 1000),
    });
    text = await response.text();
  } catch {
    lost();
    return false;
  }
  if (response.status >= 500) return false;
  reached();
  if (response.ok) {
    tell("sent", { item, text });
    take(item);
  } else if (response.status === 401) {
    refuse(item, reasonOf(401, ""), item.state);
    return false;
  } else refuse(item, reasonOf(response.status, text));
  return true;
}

async function sendAll() {
  // Taken back, or sent from another tab, an item is not there any more.
  const next = () => items().find((item) => item.state === "waiting");
  for (let item = next(); item; item = next()) {
    if (!(await send(item))) return false;
    attempt = 0;
  }
  return true;
}

export async function drain() {
  if (isSending || !store.person) return;
  isSending = true;
  clearTimeout(timer);
  try {
    // One tab at a time, where the browser can say so; otherwise the keys keep an event from being added twice.
    const isDone = await (navigator.locks?.request("debrief outbox", sendAll) ?? sendAll());
    if (!isDone) timer = setTimeout(drain, patience(attempt++));
  } finally {
    isSending = false;
  }
}

for (const again of ["online", "focus", "pageshow"]) window.addEventListener(again, drain);
document.addEventListener("debrief:reached", drain);
window.addEventListener("storage", (event) => {
  if (!store.isOf(event, "event")) return;
  tell("outbox");
  if (event.newValue === null) tell("elsewhere");
});
drain();
