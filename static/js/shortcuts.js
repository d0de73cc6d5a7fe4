// A key follows the link that names it in aria-keyshortcuts, wherever nothing is being typed.
// Whoever speaks to the browser may press letters without meaning to, so the profile page can turn this off.
const OFF = "debrief-shortcuts-off";
const TYPED_IN = "input, textarea, select, [contenteditable], dialog";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented || event.repeat) return;
  if (event.key.length !== 1 || localStorage.getItem(OFF) || event.target.closest?.(TYPED_IN)) return;
  const link = document.querySelector(`[aria-keyshortcuts="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!link) return;
  event.preventDefault();
  link.click();
});

// The list of all keys.
const keys = document.getElementById("shortcuts");
document.addEventListener("click", (event) => {
  if (event.target === keys || event.target.closest?.("#shortcuts [data-close]")) return keys?.close();
  if (!event.target.closest?.('a[href="#shortcuts"]') || !keys) return;
  event.preventDefault();
  document.getElementById("palette").close();
  keys.showModal();
});
if (keys && /Mac|iP/.test(navigator.platform)) {
  for (const key of keys.querySelectorAll("[data-mac]")) key.textContent = key.dataset.mac;
}

// The choice lives in this browser: a keyboard belongs to a machine, not to a person.
const choice = document.querySelector("[data-shortcuts]");
if (choice) {
  choice.hidden = false;
  const box = choice.querySelector("input");
  box.checked = !localStorage.getItem(OFF);
  box.addEventListener("change", () => {
    if (box.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "yes");
  });
}
