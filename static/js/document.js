// Sections of a post-mortem that others saved are shown anew, and who writes where.
import { lost, patience, reached } from "./connection.js";
import { isSelected, keepPlace, replace } from "./place.js";

const OFTEN = 4_000;
const ENOUGH_SECONDS = 10;
const root = document.querySelector("[data-document]");
let state = root?.dataset.state ?? "";
let writing = root?.dataset.writing ?? "";
let timer = null;
let failures = 0;

const spelled = (text) => new Map(text.split(",").map((part) => [part.replace(/\.\d+$/, ""), part]));

// What is selected or being clicked on is shown once it is not any more.
const isBusy = (section) => isSelected(section) || section.matches(":active, .htmx-request, :has(.htmx-request)");

function takeIn(answer) {
  const [shown, now] = [spelled(state), spelled(answer.dataset.state)];
  const names = [];
  keepPlace(() => {
    for (const fresh of answer.querySelectorAll(".document-section")) {
      const key = fresh.id.replace(/^section-/, "");
      const known = document.getElementById(fresh.id);
      // What htmx swaps in has, until it has settled, the classes of what stood there before.
      const isNew = known?.matches(".htmx-added");
      // Whoever writes in it hears of it there.
      if (!known || (known.matches(".editing") && !isNew)) continue;
      if (isNew || isBusy(known)) now.set(key, shown.get(key) ?? `${key}.0`);
      else {
        names.push(fresh.querySelector("h2").textContent.trim());
        replace(known, document.adoptNode(fresh));
      }
    }
    for (const fresh of answer.querySelectorAll(":scope > .presence")) {
      const known = document.getElementById(fresh.id);
      if (known && known.textContent.trim() !== fresh.textContent.trim()) known.replaceWith(document.adoptNode(fresh));
    }
  });
  state = [...now.values()].join(",");
  writing = answer.dataset.writing;
  const line = root.querySelector("[role=status]");
  if (names.length) line.textContent = line.dataset.changed.replace("%s", names.join(", "));
}

function plan(delay) {
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(ask, delay);
}

async function ask() {
  try {
    const response = await fetch(`${root.dataset.document}?${new URLSearchParams({ state, writing })}`, {
      headers: { "HX-Request": "true" },
      cache: "no-store",
      signal: AbortSignal.timeout(ENOUGH_SECONDS * 1000),
    });
    if (response.status >= 500) throw new Error("not answered");
    reached();
    failures = 0;
    if (response.status === 200) {
      const answer = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-sections]");
      if (answer) takeIn(answer);
    }
    // Gone, or signed out: the page stays as it is until it is loaded anew.
    if (response.ok) plan(OFTEN);
  } catch {
    lost();
    plan(patience(failures++));
  }
}

if (root) {
  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : ask()));
  plan(OFTEN);
}
