// What somebody types while Debrief answers with a text that others' changes came into.

function shared(one, other, most) {
  let count = 0;
  while (count < most && one[count] === other[count]) count += 1;
  return count;
}

// The one stretch from `start` to `end` of the older text, in place of which the newer one has `text`.
function change(older, newer) {
  const start = shared(older, newer, Math.min(older.length, newer.length));
  const most = Math.min(older.length, newer.length) - start;
  const [one, other] = [older, newer].map((text) => [...text.slice(text.length - most)].reverse().join(""));
  const tail = most ? Math.min(most, shared(one, other, Math.min(one.length, other.length))) : 0;
  return { start, end: older.length - tail, text: newer.slice(start, newer.length - tail) };
}

// Where a place of the older text is in the newer one.
export function moved(older, newer, place) {
  const { start, end, text } = change(older, newer);
  if (place <= start) return place;
  return place >= end ? place + text.length - (end - start) : start + Math.min(place - start, text.length);
}

// `sent` with what was typed since and what came in; null where both are at the same place.
export function rebase(sent, typed, merged) {
  const [mine, theirs] = [change(sent, typed), change(sent, merged)];
  if (mine.start <= theirs.end && theirs.start <= mine.end) return null;
  const [first, last] = mine.start < theirs.start ? [mine, theirs] : [theirs, mine];
  return sent.slice(0, first.start) + first.text + sent.slice(first.end, last.start) + last.text + sent.slice(last.end);
}
