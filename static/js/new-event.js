// The form for a new event is empty again at once, for the next one; what was typed waits in the timeline's last rows.
import { announce } from "./announce.js";
import { forget } from "./drafts.js";
import { drain, enqueue, items, randomKey, take } from "./outbox.js";
import { takeInPanels } from "./panels.js";
import { keepPlace } from "./place.js";
import { takeInAll } from "./rows.js";

const form = () => document.querySelector("form[data-outbox]");
const OWN = new Set(["csrfmiddlewaretoken", "submission_key", "typed_at"]);

function empty(sent) {
  forget(sent);
  sent.reset();
  sent.elements.namedItem("submission_key").value = randomKey();
  for (const mistake of sent.querySelectorAll(".errorlist")) mistake.remove();
  for (const field of sent.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  sent.elements.namedItem("text").focus({ preventScroll: true });
}

// Before htmx hears of it.
document.addEventListener(
  "submit",
  (event) => {
    const sent = event.target;
    if (!sent.matches("form[data-outbox]") || !sent.elements.namedItem("text").value.trim()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const fields = [...new FormData(sent)].filter(([name, value]) => !OWN.has(name) && typeof value === "string");
    const key = sent.elements.namedItem("submission_key").value || randomKey();
    empty(sent);
    enqueue(sent.getAttribute("action"), fields, key);
  },
  { capture: true },
);

function takeBack(item) {
  const target = form();
  if (!target) return;
  const text = target.elements.namedItem("text");
  const typed = text.value.trim();
  take(item);
  for (const [name, value] of item.fields) {
    const field = target.elements.namedItem(name);
    if (field && field.type !== "checkbox" && !(typed && field.value)) field.value = value;
  }
  // Beside what is being typed now, of which nothing is lost either.
  if (typed) text.value = `${typed}\n${item.fields.find(([name]) => name === "text")?.[1] ?? ""}`;
  target.dataset.takenBack = "";
  text.focus();
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

function rowOf(item) {
  const row = document.getElementById("waiting-event").content.firstElementChild.cloneNode(true);
  const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: row.dataset.zone };
  row.dataset.name = item.name;
  row.dataset.state = item.state;
  row.querySelector(".event-time").textContent = new Intl.DateTimeFormat("en", clock).format(item.typedAt);
  row.querySelector(".waiting-text").textContent = item.fields.find(([name]) => name === "text")?.[1] ?? "";
  row.querySelector(".state").textContent = row.dataset[item.state];
  row.querySelector(".waiting-reason").textContent = item.reason ?? "";
  row.querySelector("button").addEventListener("click", () => takeBack(item));
  return row;
}

function show() {
  const add = form()?.closest(".panel-add");
  if (!add) return;
  const waiting = items().filter((item) => item.address === form().getAttribute("action"));
  const shown = document.querySelector("[data-outbox-rows]");
  const rows = document.createElement("ol");
  rows.className = "timeline waiting-rows";
  rows.dataset.outboxRows = "";
  rows.append(...waiting.map(rowOf));
  keepPlace(() => {
    shown?.remove();
    if (waiting.length) add.before(rows);
  });
  // Above the form, which covers the end of the window.
  if (waiting.length > (shown?.children.length ?? 0)) rows.lastElementChild.scrollIntoView({ block: "nearest" });
}

document.addEventListener("debrief:sent", ({ detail }) => {
  if (detail.item.address !== form()?.getAttribute("action")) return;
  const answer = new DOMParser().parseFromString(detail.text, "text/html");
  // Where the page has the row already, what it says of the whole is as new as this answer, or newer.
  if (takeInAll(answer).new.length) takeInPanels(answer.querySelectorAll("#timeline-counts"));
  announce("added");
});
document.addEventListener("debrief:outbox", show);
document.addEventListener("htmx:load", show);
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-send-now]")) drain();
});
