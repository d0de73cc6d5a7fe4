// Changes the page without moving what somebody looks at, types in or has selected.
function isSeen(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < window.innerHeight;
}

// What must not move: what the keyboard is in, else what is selected, else what stands nearest to where people read.
// The form for a new event sticks to the window and says nothing about where the page is.
function landmark() {
  const focused = document.activeElement;
  if (focused && focused !== document.body && !focused.closest("#timeline-add") && isSeen(focused)) return focused;
  const selection = document.getSelection();
  const selected = selection?.isCollapsed ? null : selection?.anchorNode?.parentElement;
  if (selected && isSeen(selected)) return selected;
  const distance = (element) => Math.abs(element.getBoundingClientRect().top - window.innerHeight / 3);
  // Panels beside the timeline do not move with it: they count where none of its rows is in sight.
  const inSight = (selector) => [...document.querySelectorAll(selector)].filter(isSeen);
  const rows = inSight("#timeline-list > li");
  const seen = rows.length ? rows : inSight(".panel:not(#timeline-panel), .document-section");
  return seen.reduce((best, other) => (!best || distance(other) < distance(best) ? other : best), null);
}

export function keepPlace(change) {
  const mark = landmark();
  const before = mark?.getBoundingClientRect().top;
  change();
  if (mark?.isConnected) window.scrollBy({ top: mark.getBoundingClientRect().top - before, behavior: "instant" });
}

export function isSelected(element) {
  const selection = document.getSelection();
  return Boolean(selection && !selection.isCollapsed && selection.containsNode(element, true));
}

const focusable = "a[href], button, input:not([type=hidden]), select, textarea, summary";

const nameOf = (element) =>
  [element.tagName, element.getAttribute("href") ?? element.form?.getAttribute("action"), element.name, element.textContent.trim()].join();

// What the keyboard is at, in the new element: the same link, button or title; else what stands in its place.
function twin(focused, old, fresh) {
  if (focused.matches("h1, h2, h3")) {
    const heading = fresh.querySelector(focused.tagName);
    heading?.setAttribute("tabindex", "-1");
    return heading;
  }
  const others = [...fresh.querySelectorAll(focusable)];
  const same = others.find((other) => nameOf(other) === nameOf(focused));
  return same ?? others[[...old.querySelectorAll(focusable)].indexOf(focused)];
}

// The new element in place of the old one; the keyboard stays where it is, and what was unfolded stays so.
export function replace(old, fresh) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const next = focused && twin(focused, old, fresh);
  const folded = [...fresh.querySelectorAll("details")];
  old.querySelectorAll("details").forEach((details, place) => {
    const same = folded[place];
    if (details.open && same?.firstElementChild.textContent === details.firstElementChild.textContent) same.open = true;
  });
  old.replaceWith(fresh);
  window.htmx?.process(fresh);
  next?.focus({ preventScroll: true });
  document.dispatchEvent(new CustomEvent("debrief:replaced", { detail: fresh }));
}
