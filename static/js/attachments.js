// Files dropped on, pasted into or chosen for a text of an incident are sent, and shown where the cursor was.
// The sentences are attributes of #messages, so that they are translated with the page.
import { sayRefused, send } from "./sending.js";

const words = document.getElementById("messages").dataset;
// Uploads under way by form: a text is not sent while it still says that a file is coming.
const underWay = new Map();

function addressFor(area) {
  const action = area.form?.getAttribute("action") ?? "";
  const incident = action.match(/^\/incidents\/\d+\//)?.[0];
  return incident && `${incident}attachments/`;
}

function write(area, text, start, end, mode) {
  area.setRangeText(text, start, end, mode);
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

function insertPlaceholder(area, name) {
  let text = `[${words.uploading.replace("%s", name)}]`;
  for (let number = 2; area.value.includes(text); number += 1) text = `[${words.uploading.replace("%s", `${name} (${number})`)}]`;
  const isLineBegun = area.selectionStart > 0 && !/\s/.test(area.value[area.selectionStart - 1]);
  write(area, (isLineBegun ? " " : "") + text, area.selectionStart, area.selectionEnd, "end");
  return text;
}

function holderOf(area, placeholder) {
  const areas = area.isConnected ? [area] : [...document.querySelectorAll("textarea[data-markdown]")];
  return areas.find((each) => each.value.includes(placeholder));
}

// The text may have been swapped for another one with the same words meanwhile.
function replacePlaceholder(area, placeholder, text) {
  const holder = holderOf(area, placeholder);
  if (!holder) return;
  const start = holder.value.indexOf(placeholder);
  const end = start + placeholder.length;
  // A cursor right behind the placeholder stays behind what replaces it; browsers would select that instead.
  const [from, to] = [holder.selectionStart, holder.selectionEnd].map((at) => (at >= end ? at + text.length - placeholder.length : Math.min(at, start)));
  write(holder, text, start, end, "preserve");
  holder.setSelectionRange(from, to);
}

async function attach(area, file) {
  const placeholder = insertPlaceholder(area, file.name);
  const line = area.parentElement.querySelector(".uploads [role=status]");
  try {
    const answer = await send(file, addressFor(area), line, words);
    replacePlaceholder(area, placeholder, answer.markdown);
    return true;
  } catch (problem) {
    // Beside the text: what is in it is published.
    const holder = holderOf(area, placeholder) ?? area;
    replacePlaceholder(holder, holder.value.includes(` ${placeholder}`) ? ` ${placeholder}` : placeholder, "");
    sayRefused(holder, `${words.uploadFailed.replace("%s", file.name)} ${problem.message}`, words);
    return false;
  }
}

async function attachAll(area, files) {
  const form = area.form;
  for (const old of form.querySelectorAll(".upload-refused")) old.remove();
  const uploads = [...(underWay.get(form) ?? []), ...[...files].map((file) => attach(area, file))];
  underWay.set(form, uploads);
  form.dataset.uploading = "";
  await Promise.all(uploads);
  if (underWay.get(form) === uploads) underWay.delete(form);
  if (!underWay.has(form)) delete form.dataset.uploading;
  const panel = document.getElementById("attachment-panel");
  if (panel && window.htmx) window.htmx.ajax("GET", addressFor(area), { target: panel, swap: "outerHTML" });
}

function equip(area) {
  if (area.nextElementSibling?.matches(".uploads") || !addressFor(area)) return;
  const line = document.createElement("div");
  line.className = "uploads";
  const [button, input, status] = ["button", "input", "span"].map((name) => document.createElement(name));
  Object.assign(button, { type: "button", className: "quiet", textContent: words.addFiles });
  Object.assign(input, { type: "file", multiple: true, hidden: true });
  status.setAttribute("role", "status");
  button.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    attachAll(area, input.files);
    input.value = "";
    area.focus();
  });
  line.append(button, input, status);
  area.after(line);
}

function equipAll(root) {
  if (root.matches?.("textarea[data-markdown]")) equip(root);
  root.querySelectorAll?.("textarea[data-markdown]").forEach(equip);
}

const isOfFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
function target(event) {
  const area = event.target.closest?.("textarea[data-markdown]");
  return area && addressFor(area) ? area : null;
}

// A file dropped beside a text would replace the page, and what was typed with it.
document.addEventListener("dragover", (event) => {
  if (!isOfFiles(event) || event.target.closest?.("input[type=file], [data-takes-files]")) return;
  event.preventDefault();
  const area = target(event);
  event.dataTransfer.dropEffect = area ? "copy" : "none";
  if (area) area.dataset.dropping = "";
});
for (const end of ["dragleave", "drop"]) {
  document.addEventListener(end, (event) => delete target(event)?.dataset.dropping);
}
document.addEventListener("drop", (event) => {
  if (!isOfFiles(event) || event.target.closest?.("input[type=file], [data-takes-files]")) return;
  event.preventDefault();
  const area = target(event);
  if (area) attachAll(area, event.dataTransfer.files);
});
document.addEventListener("paste", (event) => {
  const area = target(event);
  const data = event.clipboardData;
  // A table copied from a spreadsheet is there as text and as a picture; the text is meant.
  if (!area || !data.files.length || data.types.includes("text/plain")) return;
  event.preventDefault();
  attachAll(area, data.files);
});
document.addEventListener(
  "submit",
  (event) => {
    const uploads = underWay.get(event.target);
    if (!uploads) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    Promise.all(uploads).then((done) => {
      underWay.delete(event.target);
      if (done.every(Boolean)) event.target.requestSubmit(event.submitter);
    });
  },
  true,
);
document.addEventListener("htmx:load", (event) => equipAll(event.target));
equipAll(document);
