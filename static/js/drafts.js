// What is typed into a form that is marked for it is kept in this browser until Debrief has it.
import * as store from "./store.js";

const LONG = 20_000;
const words = document.getElementById("kept-words");
const timers = new WeakMap();

const addressOf = (form) => form.getAttribute("action");
// Hidden fields say over which values a correction was typed: restored, it still meets what others changed since.
const isKept = (field) =>
  field.name &&
  (field.type !== "radio" || field.checked) &&
  (field.type === "hidden"
    ? field.name === "seen" || field.name.startsWith("initial-")
    : !["file", "password", "submit", "button"].includes(field.type));
const kept = (form) => [...form.elements].filter(isKept);
const texts = (form) => kept(form).filter((field) => field.matches("textarea, input[type=text], input:not([type])"));
const valueOf = (field) => (field.type === "checkbox" ? field.checked : field.value);

export function forget(form) {
  clearTimeout(timers.get(form));
  store.remove("draft", addressOf(form));
  form.removeAttribute("data-unkept");
  form.removeAttribute("data-taken-back");
  // Of a text that is saved by itself the note stays: what is discarded then would stay with Debrief.
  form.querySelector(form.matches("[data-section]") ? "[data-restored] span" : "[data-restored]")?.remove();
}

// What came back without being typed now goes with its text: a time that nobody looks at would stay behind.
function clear(form) {
  for (const field of texts(form)) field.value = field.defaultValue;
  for (const option of form.querySelectorAll("option")) option.selected = option.defaultSelected;
}

function isCleared(form) {
  const areas = [...form.querySelectorAll("textarea")];
  const cameBack = form.matches("[data-taken-back]") || form.querySelector("[data-restored]");
  return cameBack && areas.length > 0 && areas.every((area) => !area.value.trim() && !area.defaultValue);
}

export function keep(form, field) {
  if (field.matches("textarea") && isCleared(form)) clear(form);
  if (texts(form).every((each) => each.value === each.defaultValue)) return forget(form);
  const fields = kept(form).map((each) => [each.name, valueOf(each)]);
  // Where there is no room for it, leaving the page asks first, as it does for texts that are not kept.
  form.toggleAttribute("data-unkept", !store.write("draft", addressOf(form), { fields }));
}

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form?.matches("[data-keep]")) return;
  clearTimeout(timers.get(form));
  // Long texts take a moment to write: not at each key.
  if ((event.target.value?.length ?? 0) < LONG) keep(form, event.target);
  else timers.set(form, setTimeout(keep, 400, form, event.target));
});

function put(form, fields) {
  for (const radio of form.querySelectorAll("input[type=radio]")) radio.checked = radio.defaultChecked;
  for (const [name, value] of fields) {
    const field = form.elements.namedItem(name);
    if (field?.type === "checkbox" || field?.type === "radio") field.checked = Boolean(value);
    // Of several fields of one name, only radio buttons have a value together.
    // A choice that is not offered any more is left as it stands.
    else if (field?.matches?.("select") && ![...field.options].some((option) => option.value === value)) continue;
    else if (field) field.value = value;
  }
}

function discard(form, original) {
  put(form, original);
  form.querySelector("[data-restored]").remove();
  forget(form);
  form.dispatchEvent(new Event("restored"));
  texts(form)[0]?.focus();
}

function restore(form) {
  const draft = form.dataset.keep === "restored" ? null : store.read("draft", addressOf(form));
  if (!draft || form.querySelector("[aria-invalid=true], .conflict")) return;
  const original = kept(form).map((field) => [field.name, valueOf(field)]);
  put(form, draft.fields);
  form.dataset.keep = "restored";
  if (texts(form).every((field) => field.value === field.defaultValue)) {
    // Debrief has it: what else was kept is older than what stands.
    put(form, original);
    return forget(form);
  }
  const note = document.getElementById("restored-note").content.firstElementChild.cloneNode(true);
  note.querySelector("button").addEventListener("click", () => discard(form, original));
  (texts(form)[0].closest(".field") ?? form.querySelector(".form-actions")).append(note);
  form.dispatchEvent(new Event("restored"));
}

// A correction that was begun stands at the link that opens it again.
function pointOut(root) {
  for (const address of store.names("draft")) {
    const link = root.querySelector(`a[href="${CSS.escape(address)}"][hx-get]`);
    if (!link || link.dataset.unsent || !store.read("draft", address)) continue;
    link.dataset.unsent = words.dataset.unsent;
    link.append(Object.assign(document.createElement("span"), { className: "unsent", textContent: words.dataset.unsent }));
    if (link.ariaLabel) link.ariaLabel = `${link.ariaLabel}, ${words.dataset.unsent}`;
  }
}

function prepare(root) {
  for (const form of root.querySelectorAll("form[data-keep]")) restore(form);
  if (root.matches?.("form[data-keep]")) restore(root);
  pointOut(root);
}

document.addEventListener("htmx:load", (event) => prepare(event.target));
document.addEventListener("debrief:replaced", (event) => prepare(event.detail));
prepare(document.body);

// Acknowledged is what Debrief has answered to without asking for a correction; not what was typed since it was sent.
const sent = new WeakMap();
const textOf = (form) => JSON.stringify(texts(form).map(valueOf));
document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.elt.matches("form[data-keep]")) sent.set(detail.elt, textOf(detail.elt));
});
document.addEventListener("htmx:afterRequest", (event) => {
  // The form itself may be gone from the page.
  const { successful, xhr, requestConfig } = event.detail;
  const form = requestConfig.elt;
  // Where the page is loaded anew, htmx does not say that it was successful.
  const isAccepted = successful || (xhr.status < 300 && xhr.getResponseHeader("HX-Redirect"));
  const isSaved = isAccepted && requestConfig.verb === "post" && xhr.status !== 422;
  if (isSaved && form.matches("form[data-keep]") && sent.get(form) === textOf(form)) forget(form);
});
document.addEventListener("click", (event) => {
  const form = event.target.closest?.("a[hx-get*=cancel]")?.closest("form[data-keep]");
  if (form) forget(form);
});
