// Ctrl-Enter (Cmd-Enter on a Mac) sends the form being typed in; leaving a page with unsent text asks first, unless
// this browser keeps the text.
const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("form");
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form) {
    event.preventDefault();
    if (!event.repeat) form.requestSubmit();
  }
});

function sayShortcut(root) {
  for (const hint of root.querySelectorAll("[data-shortcut][hidden]")) {
    if (!hint.closest("form")?.querySelector("textarea")) continue;
    hint.hidden = false;
    const key = hint.querySelector("[data-mac]");
    if (isMac) key.textContent = key.dataset.mac;
  }
}
document.addEventListener("htmx:load", (event) => sayShortcut(event.target));
sayShortcut(document.body);

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
  if (others.some((form) => !form.matches("[data-keep]:not([data-unkept])") && isUnsent(form))) event.preventDefault();
});
