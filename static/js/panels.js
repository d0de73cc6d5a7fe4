// Panels of an incident's page that others changed are shown anew. One in which somebody works stays as it is, says so,
// and shows what stands now where it is asked to.
import { isSelected, keepPlace, replace } from "./place.js";

const PANELS = "#incident-head, #duplicate-notice, #timeline-counts, .panel[id]:not(#timeline-panel)";
// What scripts add, what is said to one person once, what differs from one answer to the next, and what a menu loads
// when it is opened.
const OWN = "[name=csrfmiddlewaretoken], [data-restored], .unsent, .uploads, .undo, .message, .changed-meanwhile, [data-menu] ul";
const OWN_MARKS = ["class", "data-keep", "data-unsent", "hidden", "open", "tabindex"];
const UNREADABLE = ".panel-head, .panel-add, .undo, form, button, .quiet";

// What each panel said when nobody worked in it.
const said = new Map();
// What is worked in, selected or being clicked on is shown once it is not any more.
const held = new Map();
let swappedAt = 0;

function plain(panel) {
  const copy = panel.cloneNode(true);
  for (const own of copy.querySelectorAll(OWN)) own.remove();
  for (const passing of copy.querySelectorAll("[data-passing]")) passing.replaceChildren();
  for (const element of [copy, ...copy.querySelectorAll("*")]) {
    for (const mark of OWN_MARKS) element.removeAttribute(mark);
  }
  return copy.outerHTML;
}

// Forms that somebody opened: those that can be closed again.
const hasOpenForm = (panel) =>
  [...panel.querySelectorAll("form.form")].some((form) => form.closest("details")?.open ?? form.querySelector("a[hx-get*=cancel]"));

function isTyped(field) {
  if (field.matches("select")) {
    const byItself = Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
    return field.selectedIndex !== byItself;
  }
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  return field.type === "file" ? field.files.length > 0 : field.value !== field.defaultValue;
}

function isWorkedIn(panel) {
  const fields = [...panel.querySelectorAll("form.form :is(input, textarea, select)")];
  return hasOpenForm(panel) || fields.some((field) => field === document.activeElement || isTyped(field));
}

// What is under way in it would lose its place on the page.
const isBusy = (known) => isSelected(known) || known.matches(":active, .htmx-request, :has(.htmx-request, [data-menu][open])");

// To be read, beside the form: nothing in it can be sent, and no name stands on the page twice.
function readable(fresh) {
  const copy = fresh.cloneNode(true);
  for (const part of copy.querySelectorAll(UNREADABLE)) part.remove();
  for (const element of copy.querySelectorAll("*")) {
    for (const { name } of [...element.attributes]) {
      if (name === "id" || name.startsWith("hx-") || name.startsWith("aria-l")) element.removeAttribute(name);
    }
  }
  return copy.childNodes;
}

function offer(known, fresh) {
  let notice = known.querySelector(":scope > details.changed-meanwhile");
  if (!notice) {
    notice = document.getElementById("panel-changed").content.firstElementChild.cloneNode(true);
    known.querySelector(":scope > .panel-head").after(notice);
  }
  notice.querySelector("[data-now]").replaceChildren(...readable(fresh));
}

// The way to take back what this person did last stays.
function carryUndo(known, fresh) {
  const undo = known.querySelector(":scope > .undo");
  if (undo && !fresh.querySelector(":scope > .undo")) fresh.querySelector(":scope > .panel-head")?.after(undo);
}

const nameOf = (panel) => panel.dataset.name ?? panel.querySelector("h1, h2")?.textContent.trim() ?? "";

// The name of the panel where it says something else now; `isOffered` where somebody works in it.
function takeInPanel(fresh) {
  const known = document.getElementById(fresh.id);
  if (!known) return null;
  held.delete(fresh.id);
  const now = plain(fresh);
  const name = nameOf(fresh);
  if (isWorkedIn(known)) {
    const before = said.get(fresh.id);
    said.set(fresh.id, now);
    held.set(fresh.id, fresh);
    if (before === undefined || before === now) return null;
    offer(known, fresh);
    return { name, isOffered: true };
  }
  if (plain(known) === now) {
    const passing = [...fresh.querySelectorAll("[data-passing]")];
    known.querySelectorAll("[data-passing]").forEach((part, place) => part.replaceChildren(...passing[place].childNodes));
    return null;
  }
  if (isBusy(known)) {
    held.set(fresh.id, fresh);
    return null;
  }
  carryUndo(known, fresh);
  replace(known, document.adoptNode(fresh));
  said.set(fresh.id, now);
  return { name, isOffered: false };
}

// Which panels say something else now.
export function takeInPanels(panels) {
  let changed = [];
  keepPlace(() => {
    changed = [...panels].map(takeInPanel).filter(Boolean);
  });
  return changed;
}

export const takeInHeld = () => takeInPanels([...held.values()]);

// An answer to what was asked before this page changed by itself may be older than what it shows.
export const isOutdated = (asked) => swappedAt >= asked;

// What Debrief answered to this person.
function note(root) {
  for (const panel of [root, ...root.querySelectorAll(PANELS)]) {
    if (!panel.matches(PANELS)) continue;
    held.delete(panel.id);
    if (!hasOpenForm(panel)) said.set(panel.id, plain(panel));
  }
}

document.addEventListener("htmx:load", (event) => note(event.target));
document.addEventListener("htmx:afterSwap", () => {
  swappedAt = Date.now();
});
if (document.querySelector("[data-watch]")) note(document.body);
