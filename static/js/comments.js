// What is selected in a section of a document is what its link “Comment” is about; one more stands by the selection.

const LONGEST = 500;
const BEFORE = 60;
const offer = Object.assign(document.createElement("a"), { className: "comment-offer", hidden: true });

const plain = (words) => words.replace(/\s+/g, " ").trim();

function sectionOf(range) {
  const node = range.commonAncestorContainer;
  const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
  return element ? element.closest(".document-section:not(.editing)") : null;
}

// The same words may stand in a section more than once: what stands in front of them tells which are meant.
function wordsBefore(range, section) {
  const before = document.createRange();
  before.setStart(section, 0);
  before.setEnd(range.startContainer, range.startOffset);
  return plain(before.toString()).slice(-BEFORE);
}

function addressOf(link, range, section, quote) {
  return `${link.dataset.comment}?${new URLSearchParams({ quote, before: wordsBefore(range, section) })}`;
}

function place(range) {
  const box = range.getBoundingClientRect();
  const room = document.documentElement.clientWidth;
  offer.hidden = false;
  offer.style.top = `${box.bottom + window.scrollY + 6}px`;
  offer.style.left = `${Math.max(8, Math.min(box.left + window.scrollX, room - offer.offsetWidth - 8))}px`;
}

function look() {
  const selection = document.getSelection();
  const range = selection?.rangeCount ? selection.getRangeAt(0) : null;
  const quote = range ? plain(selection.toString()) : "";
  const section = quote && quote.length <= LONGEST ? sectionOf(range) : null;
  const link = section?.querySelector("[data-comment]");
  // Whoever goes to the link in the heading still means what was selected last.
  if (!link) return void (offer.hidden = true);
  link.href = addressOf(link, range, section, quote);
  link.textContent = link.dataset.selected;
  offer.href = link.href;
  offer.textContent = link.dataset.offer;
  place(range);
}

if (document.querySelector("[data-comment]")) {
  document.body.append(offer);
  // The press of a button would end the selection, and with it the offer, before it is a click.
  offer.addEventListener("mousedown", (event) => event.preventDefault());
  document.addEventListener("selectionchange", look);
  window.addEventListener("resize", () => (offer.hidden = true));
}
