// Suggestions for what begins like a mention or a reference, in a list box below its line. The text keeps the focus:
// arrows move the choice, Enter or Tab takes it, Escape closes the list.
import { find } from "./text-mirror.js";

const WAIT_MS = 120;
const BEGUN = /(?<![\w@./-])(@[\p{L}\p{M}\p{N}_.+-]{0,40}|(?:INC|ACT|RT|EV|inc|act|rt|ev)-[^\s.,;:!?()]{0,40}(?:\.[a-z_]*)?)$/u;

let area = null;
let list = null;
let asked = null;
let waiting = 0;
let taken = "";

const begunIn = (text) => text.value.slice(0, text.selectionStart).match(BEGUN)?.[1] ?? "";

function listFor(text) {
  const field = text.closest("[data-completions]");
  let box = field.querySelector(".completions");
  if (!box) {
    box = Object.assign(document.createElement("div"), { className: "completions", id: `${text.id}-completions`, hidden: true });
    box.setAttribute("aria-label", text.labels[0].textContent.trim());
    // A click does not take the focus from the text.
    box.addEventListener("mousedown", (event) => event.preventDefault());
    box.addEventListener("click", (event) => take(event.target.closest("[role=option]")));
    text.after(box);
    text.setAttribute("aria-autocomplete", "list");
    text.setAttribute("aria-controls", box.id);
  }
  return box;
}

const options = () => (list && !list.hidden ? [...list.querySelectorAll("[role=option]")] : []);
const chosen = () => options().find((option) => option.getAttribute("aria-selected") === "true");

function choose(option) {
  chosen()?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) area.setAttribute("aria-activedescendant", option.id);
  else area?.removeAttribute("aria-activedescendant");
}

function close() {
  clearTimeout(waiting);
  asked?.abort();
  if (list) list.hidden = true;
  area?.removeAttribute("aria-activedescendant");
}

function take(option) {
  if (!option) return;
  const begun = begunIn(area);
  const text = option.dataset.text;
  const gap = text.startsWith("@") && !/^\s/.test(area.value.slice(area.selectionStart)) ? " " : "";
  area.setRangeText(text + gap, area.selectionStart - begun.length, area.selectionStart, "end");
  taken = text;
  close();
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

async function suggest(text) {
  const begun = begunIn(text);
  asked?.abort();
  asked = new AbortController();
  let html = "";
  try {
    const address = `${text.closest("[data-completions]").dataset.completions}?${new URLSearchParams({ q: begun })}`;
    const answer = await fetch(address, { headers: { "HX-Request": "true" }, signal: asked.signal });
    html = answer.ok ? await answer.text() : "";
  } catch {
    // Without an answer there is nothing to choose; what is typed stands for itself.
    return;
  }
  if (begunIn(text) !== begun || document.activeElement !== text) return;
  [area, list] = [text, listFor(text)];
  list.innerHTML = html;
  // A list without anything to choose is a sentence that says so.
  list.setAttribute("role", list.querySelector("[role=option]") ? "listbox" : "status");
  // A dot behind a reference ends a sentence more often than it begins the name of a figure.
  list.hidden = !html || (begun.endsWith(".") && !list.querySelector("[role=option]"));
  place(text, begun);
  choose(options()[0]);
}

// Below the line, not across it; as far to the right as leaves it within the text.
function place(text, begun) {
  const { left, foot } = find(text, text.selectionStart - begun.length);
  list.style.top = `${Math.min(foot, text.offsetTop + text.offsetHeight) + 4}px`;
  list.style.left = `${Math.max(0, Math.min(left, text.offsetLeft + text.offsetWidth - list.offsetWidth))}px`;
}

document.addEventListener("input", (event) => {
  const text = event.target;
  if (!text.matches?.("[data-completions] textarea")) return;
  close();
  const begun = begunIn(text);
  if (begun && begun !== taken) waiting = setTimeout(suggest, WAIT_MS, text);
  taken = "";
});
document.addEventListener("focusout", (event) => {
  if (event.target === area) close();
});
// Before the form is sent, or closed, by the same key.
document.addEventListener(
  "keydown",
  (event) => {
    if (event.target !== area || !list || list.hidden || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const all = options();
    if (!all.length && event.key !== "Escape") return;
    const here = all.indexOf(chosen());
    if (event.key === "ArrowDown") choose(all[(here + 1) % all.length]);
    else if (event.key === "ArrowUp") choose(all[(here - 1 + all.length) % all.length]);
    else if (event.key === "Escape") close();
    else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey) take(chosen());
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  true,
);
