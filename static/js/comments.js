// What is selected in a section of a document is what its link “Comment” is about.

function sectionOf(selection) {
  const node = selection.rangeCount ? selection.getRangeAt(0).commonAncestorContainer : null;
  const element = node && (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement);
  return element ? element.closest(".document-section:not(.editing)") : null;
}

function offer() {
  const selection = document.getSelection();
  const words = selection ? selection.toString().replace(/\s+/g, " ").trim() : "";
  // Whoever goes to the link with the keyboard or the pointer still means what was selected.
  if (!words || words.length > 500) return;
  const section = sectionOf(selection);
  const link = section && section.querySelector("[data-comment]");
  if (!link) return;
  link.href = `${link.dataset.comment}?quote=${encodeURIComponent(words)}`;
  link.textContent = link.dataset.selected;
}

if (document.querySelector("[data-comment]")) document.addEventListener("selectionchange", offer);
