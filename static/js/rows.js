// Puts rows of the timeline where they belong: by time, under the heading of their day.
import { isSelected, keepPlace, replace } from "./place.js";

const list = () => document.getElementById("timeline-list");
const isLater = (one, other) =>
  one.dataset.at === other.dataset.at
    ? Number(one.dataset.pk) > Number(other.dataset.pk)
    : one.dataset.at > other.dataset.at;
const rowsOf = (timeline) => [...timeline.querySelectorAll(":scope > li[data-at]")];
const headings = (timeline) => [...timeline.querySelectorAll(":scope > li.timeline-day")];
const showsHidden = () => new URLSearchParams(window.location.search).has("hidden");

function placeHeading(timeline, heading) {
  const others = headings(timeline).filter((other) => other !== heading);
  if (others.some((other) => other.dataset.day === heading.dataset.day)) return heading.remove();
  const next = others.find((other) => other.dataset.day > heading.dataset.day) ?? null;
  return heading.nextElementSibling === next && heading.isConnected ? null : timeline.insertBefore(heading, next);
}

function isPlaced(timeline, row) {
  const all = rowsOf(timeline);
  const position = all.indexOf(row);
  const [before, after] = [all[position - 1], all[position + 1]];
  const heading = headings(timeline).findLast((day) => day.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_FOLLOWING);
  const isInOrder = position >= 0 && !(before && isLater(before, row)) && !(after && isLater(row, after));
  return isInOrder && heading?.dataset.day === row.dataset.date;
}

// Only this row moves: what moves loses the keyboard.
function placeRow(timeline, row) {
  if (isPlaced(timeline, row)) return;
  const others = rowsOf(timeline).filter((other) => other !== row);
  const next = others.find((other) => isLater(other, row));
  const before = others.filter((other) => !isLater(other, row)).at(-1);
  const heading = headings(timeline).find((other) => other.dataset.day === row.dataset.date);
  if (before?.dataset.date === row.dataset.date) before.after(row);
  else if (heading) heading.after(row);
  else timeline.insertBefore(row, next ?? null);
}

// A day without events has no heading, and a timeline with events is not empty.
function tidy(timeline) {
  const days = new Set(rowsOf(timeline).map((row) => row.dataset.date));
  for (const heading of headings(timeline)) {
    if (!days.has(heading.dataset.day)) heading.remove();
  }
  if (days.size) timeline.querySelector(":scope > .empty")?.remove();
}

// "kept" where somebody works in the row: it is shown later.
function takeIn(timeline, row) {
  const known = document.getElementById(row.id);
  if (known && Number(known.dataset.revision) >= Number(row.dataset.revision)) return "known";
  if (known?.matches(".editing")) {
    if (!known.querySelector(".changed-meanwhile")) {
      known.prepend(document.getElementById("changed-meanwhile").content.cloneNode(true));
    }
    known.dataset.revision = row.dataset.revision;
    return "changed";
  }
  if (known && isSelected(known)) return "kept";
  if ("hidden" in row.dataset && !showsHidden() && !known?.contains(document.activeElement)) {
    known?.remove();
    return known ? "changed" : "known";
  }
  if (known) replace(known, row);
  placeRow(timeline, row);
  if (!known) window.htmx?.process(row);
  return known ? "changed" : "new";
}

// Rows of events that no longer stand in this timeline: they moved to another incident. One that was added here since
// the answer was written has a later revision than it.
function rowsGone(timeline, answer) {
  if (answer.dataset?.standing === undefined) return [];
  const standing = new Set(answer.dataset.standing.split(" "));
  const isNewer = (row) => Number(row.dataset.revision) > Number(answer.dataset.changes);
  return rowsOf(timeline).filter((row) => row.dataset.pk && !standing.has(row.dataset.pk) && !isNewer(row));
}

// "kept" where somebody works in the row: what is typed there stays until the form is closed.
function takeAway(row) {
  if (row.matches(".editing")) {
    if (!row.querySelector(".left-meanwhile")) {
      row.prepend(document.getElementById("left-meanwhile").content.cloneNode(true));
    }
    return "kept";
  }
  if (isSelected(row)) return "kept";
  row.remove();
  return "changed";
}

// Takes rows, headings of days and further elements (by id) from a document; says what came of the rows.
export function takeInAll(fresh) {
  const outcome = { new: [], changed: [], kept: [], known: [] };
  const timeline = list();
  if (!timeline) return outcome;
  keepPlace(() => {
    for (const day of fresh.querySelectorAll("li.timeline-day")) placeHeading(timeline, document.adoptNode(day));
    for (const row of fresh.querySelectorAll("li.event[data-revision]:not(.editing)")) {
      outcome[takeIn(timeline, document.adoptNode(row))].push(row);
    }
    for (const row of rowsGone(timeline, fresh)) outcome[takeAway(row)].push(row);
    tidy(timeline);
  });
  return outcome;
}

// What htmx adds comes at the end of the list.
document.addEventListener("htmx:load", (event) => {
  const timeline = list();
  const added = event.target;
  if (!timeline || added.parentElement !== timeline) return;
  keepPlace(() => {
    const same = [...document.querySelectorAll(`[id="${added.id}"]`)].find((other) => other !== added);
    if (added.matches(".timeline-day")) placeHeading(timeline, added);
    else if (added.dataset.at) {
      same?.remove();
      placeRow(timeline, added);
    }
    tidy(timeline);
  });
});
