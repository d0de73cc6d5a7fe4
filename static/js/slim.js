// The form under the timeline is one line until somebody writes in it. It closes a moment after it was left and is
// empty: at once, what is being clicked on would move away from under the pointer.
const CLOSES_AFTER = 500;
const addForm = (event) => event.target.closest?.("#timeline-add");

document.addEventListener("focusin", (event) => {
  // Not for the button and the link: what is being clicked on stays under the pointer.
  if (event.target.closest?.(".event-fields")) addForm(event)?.setAttribute("data-open", "");
});
document.addEventListener("focusout", (event) => {
  const add = addForm(event);
  if (!add) return;
  setTimeout(() => {
    if (!add.contains(document.activeElement)) delete add.dataset.open;
  }, CLOSES_AFTER);
});
