// Ctrl-Enter sends the form being typed in; leaving a page with unsent text asks first.
document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("form");
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form) {
    event.preventDefault();
    form.requestSubmit();
  }
});

function isUnsent(form) {
  return [...form.querySelectorAll("textarea, input[type=text]")].some((field) => field.value !== field.defaultValue);
}

let isSending = false;
document.addEventListener("submit", () => {
  isSending = true;
});
window.addEventListener("pageshow", () => {
  isSending = false;
});
document.addEventListener("htmx:afterRequest", () => {
  isSending = false;
});
window.addEventListener("beforeunload", (event) => {
  if (!isSending && [...document.forms].some((form) => form.method === "post" && isUnsent(form))) event.preventDefault();
});
