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

let sending = null;
document.addEventListener("submit", (event) => {
  sending = event.target;
});
for (const done of ["pageshow", "htmx:afterRequest"]) {
  window.addEventListener(done, () => {
    sending = null;
  });
}
window.addEventListener("beforeunload", (event) => {
  const others = [...document.forms].filter((form) => form !== sending && form.method === "post");
  if (others.some(isUnsent)) event.preventDefault();
});
