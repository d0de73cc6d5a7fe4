// The command palette: Ctrl-K or Cmd-K opens a field with suggestions (ARIA's combobox with a list box), wherever the
// keyboard is. The field keeps the focus; arrows move the choice, Enter follows it, and without a choice it searches.
const WAIT_MS = 120;
const dialog = document.getElementById("palette");

function open(typed = "") {
  if (dialog.open) return;
  // A page that came back from the history may show what it showed then.
  field.value = typed;
  dialog.showModal();
  field.select();
  suggest();
}

function choose(option, isScrolled = true) {
  list.querySelector("[aria-selected=true]")?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  if (option) field.setAttribute("aria-activedescendant", option.id);
  else field.removeAttribute("aria-activedescendant");
  if (isScrolled) option?.scrollIntoView({ block: "nearest" });
}

function move(by) {
  const options = [...list.querySelectorAll("[role=option]")];
  if (!options.length) return;
  const here = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  const next = here < 0 ? (by > 0 ? 0 : options.length - 1) : (here + by + options.length) % options.length;
  choose(options[next]);
}

let asked = null;
async function suggest() {
  asked?.abort();
  asked = new AbortController();
  const words = new URLSearchParams({ q: field.value, incident: dialog.dataset.incident });
  try {
    const answer = await fetch(`${dialog.dataset.suggestions}?${words}`, {
      headers: { "HX-Request": "true" },
      signal: asked.signal,
    });
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    show(await answer.text());
  } catch (error) {
    if (error.name === "AbortError") return;
    list.replaceChildren();
    field.setAttribute("aria-expanded", "false");
    choose(null);
    status.textContent = dialog.dataset.trouble;
  }
}

function show(html) {
  list.innerHTML = html;
  const options = list.querySelectorAll("[role=option]");
  field.setAttribute("aria-expanded", String(options.length > 0));
  // What was typed has a best answer; before anything is typed, Enter does nothing by surprise.
  choose(field.value.trim() ? options[0] : null);
  list.scrollTop = 0;
  status.textContent = list.firstElementChild?.dataset.count ?? "";
}

let waiting = 0;
function suggestSoon() {
  clearTimeout(waiting);
  // What is listed, and what is being answered, belongs to other words, so Enter searches for these.
  asked?.abort();
  choose(null);
  waiting = setTimeout(suggest, WAIT_MS);
}

function follow(event) {
  const option = list.querySelector("[aria-selected=true]");
  if (!option && field.value.trim()) return;
  event.preventDefault();
  if (!option) return;
  dialog.close();
  option.click();
}

function press(event) {
  if (event.isComposing || event.altKey) return;
  // Browsers would empty the field first.
  if (event.key === "Escape") dialog.close();
  else if (event.key === "ArrowDown") move(1);
  else if (event.key === "ArrowUp") move(-1);
  else return;
  event.preventDefault();
}

const field = dialog?.querySelector("[role=combobox]");
const list = dialog?.querySelector("[role=listbox]");
const status = dialog?.querySelector("[role=status]");
if (dialog) {
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (dialog.open) dialog.close();
    else if (!document.querySelector("dialog[open]")) open();
  });
  field.addEventListener("input", suggestSoon);
  field.addEventListener("keydown", press);
  field.form.addEventListener("submit", follow);
  list.addEventListener("click", () => dialog.close());
  // A click beside the box is on the dialog itself.
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => {
    clearTimeout(waiting);
    asked?.abort();
  });
  if (/Mac|iP/.test(navigator.platform)) {
    for (const hint of document.querySelectorAll(".bar-search kbd")) hint.textContent = "⌘ K";
  }
}
