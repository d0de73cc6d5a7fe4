// What this browser keeps for the person signed in until Debrief has it: drafts, and events that wait to be sent.
// Nobody else's is ever read; after fourteen days, and when the person signs out, it is gone.
const DAYS_KEPT = 14;
const MILLISECONDS_PER_DAY = 86_400_000;
export const person = document.querySelector("meta[name=debrief-person]")?.content ?? "";
const prefix = (kind) => `debrief ${person} ${kind} `;

function keys(start) {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(start));
  } catch {
    return [];
  }
}

export function read(kind, name) {
  try {
    const value = JSON.parse(localStorage.getItem(prefix(kind) + name));
    return person && value && Date.now() - value.at < DAYS_KEPT * MILLISECONDS_PER_DAY ? value : null;
  } catch {
    return null;
  }
}

// False where the browser keeps nothing, or has no room for it.
export function write(kind, name, value) {
  if (!person) return false;
  try {
    localStorage.setItem(prefix(kind) + name, JSON.stringify({ ...value, at: value.at ?? Date.now() }));
    return true;
  } catch {
    return false;
  }
}

export function remove(kind, name) {
  try {
    localStorage.removeItem(prefix(kind) + name);
  } catch {
    // A browser that keeps nothing has nothing to forget.
  }
}

// The names under which something of this kind is kept, in order.
export function names(kind) {
  return person ? keys(prefix(kind)).map((key) => key.slice(prefix(kind).length)).sort() : [];
}

export function isOf(event, kind) {
  return event.key === null || event.key.startsWith(prefix(kind));
}

function forget(start, isForgotten) {
  for (const key of keys(start)) {
    if (isForgotten(key)) localStorage.removeItem(key);
  }
}

function isExpired(key) {
  try {
    return Date.now() - JSON.parse(localStorage.getItem(key)).at >= DAYS_KEPT * MILLISECONDS_PER_DAY;
  } catch {
    return true;
  }
}

// Whosever it is: who never comes back has nothing left here either.
forget("debrief ", isExpired);

const words = document.getElementById("kept-words")?.dataset;
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-sign-out]")) return;
  if (names("event").length && !window.confirm(words.signOut)) event.preventDefault();
  else forget(`debrief ${person} `, () => true);
});
