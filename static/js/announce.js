// Says in one polite sentence what happened; screen readers finish what they are saying first.
// The sentences are attributes of the element, so that they are translated with the page.
let waiting = [];
let timer = null;

function speak() {
  const region = document.querySelector("[data-news]");
  timer = null;
  if (!region) return;
  region.textContent = waiting.join(" ");
  waiting = [];
}

// `count` chooses between the sentence for one and the one for many, in which %n stands for the number, %s for names.
export function announce(what, count = 1, names = "") {
  const words = document.querySelector("[data-news]")?.dataset;
  const sentence = words?.[count === 1 ? what : `${what}Many`] ?? words?.[what];
  if (!sentence) return;
  waiting.push(sentence.replace("%n", count).replace("%s", () => names));
  timer ??= setTimeout(speak, 150);
}
