// Changes the page without moving what somebody looks at, types in or has selected.
function isSeen(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < window.innerHeight;
}

// What must not move: what the keyboard is in, else what is selected, else what stands nearest to where people read.
// The form for a new event sticks to the window and says nothing about where the page is.
function landmark() {
  const focused = document.activeElement;
  if (focused && focused !== document.body && !focused.closest(".panel-add") && isSeen(focused)) return focused;
  const selection = document.getSelection();
  const selected = selection?.isCollapsed ? null : selection?.anchorNode?.parentElement;
  if (selected && isSeen(selected)) return selected;
  const distance = (element) => Math.abs(element.getBoundingClientRect().top - window.innerHeight / 3);
  const seen = [...document.querySelectorAll("#timeline-list > li, .panel:not(#timeline-panel)")].filter(isSeen);
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

// The new element in place of the old one; the keyboard stays at the same link or button.
export function replace(old, fresh) {
  const position = [...old.querySelectorAll(focusable)].indexOf(document.activeElement);
  old.replaceWith(fresh);
  window.htmx?.process(fresh);
  if (position >= 0) fresh.querySelectorAll(focusable)[position]?.focus({ preventScroll: true });
}
