// Writing a section: saved while somebody types, with keys for the toolbar, and closed without a question.
import { keep } from "./drafts.js";
import { Saving, post } from "./section-saving.js";

const editors = new Map();
const editorOf = (element) => editors.get(element?.closest?.("form[data-section]"));

function equip(form) {
  if (editors.has(form)) return;
  for (const known of editors.keys()) if (!known.isConnected) editors.delete(known);
  const editor = new Saving(form);
  editors.set(form, editor);
  // Restored from this browser, or typed while the page was not ready yet.
  if (editor.isDirty) editor.plan();
  if (!form.matches("[data-unsaved]")) return;
  // Put together by Debrief from two texts, and saved nowhere yet.
  const { value } = editor.area;
  editor.area.defaultValue = "";
  editor.area.value = value;
  keep(form, editor.area);
  editor.plan(0);
}

function equipAll(root) {
  if (root.matches?.("form[data-section]")) equip(root);
  root.querySelectorAll?.("form[data-section]").forEach(equip);
}

document.addEventListener("htmx:load", (event) => equipAll(event.target));
equipAll(document);

document.addEventListener("input", (event) => {
  const editor = event.target.matches("textarea") ? editorOf(event.target) : null;
  // What was said of an earlier text is not true of this one.
  if (editor?.line.dataset.state === "saved") editor.say("");
  editor?.plan();
});
for (const again of ["online", "debrief:reached"]) {
  (again === "online" ? window : document).addEventListener(again, () => {
    for (const editor of editors.values()) if (editor.attempt) editor.save();
  });
}

// Others saved meanwhile: where nothing is on its way, what they wrote is asked for.
document.addEventListener("htmx:load", ({ target }) => {
  if (!target.matches?.(".presence[data-version]")) return;
  const editor = editorOf(target.parentElement.querySelector("form[data-section] textarea"));
  if (!editor || editor.isDirty || editor.running || editor.isPaused) return;
  if (Number(target.dataset.version) > Number(editor.seen.value)) editor.save({ isAsked: true });
});

async function close(editor, link) {
  const { form } = editor;
  await editor.save();
  if (editor.isDirty) keep(form, editor.area);
  post(form.dataset.presence, { leaving: "" }, true).catch(() => {});
  window.htmx.ajax("GET", link.dataset.close, { source: link, target: `#${form.closest("section").id}`, swap: "outerHTML" });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-close]");
  const editor = editorOf(link);
  if (!editor || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  close(editor, link);
});

document.addEventListener(
  "keydown",
  (event) => {
    const editor = editorOf(event.target);
    if (!editor || event.isComposing || event.defaultPrevented) return;
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopImmediatePropagation();
      return close(editor, editor.form.querySelector("a[data-close]"));
    }
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.target !== editor.area) return;
    const button = editor.form.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!button) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    button.click();
  },
  true,
);

// What begins a reference, at the cursor.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-insert]");
  const area = editorOf(button)?.area;
  if (!area) return;
  // Behind what is selected, which stays.
  const place = area.selectionEnd;
  const isApart = place === 0 || /\s/.test(area.value[place - 1]);
  area.focus();
  area.setRangeText((isApart ? "" : " ") + button.dataset.insert, place, place, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
});

// A save that is on its way comes first: the form is sent over the version that it answers with.
document.addEventListener(
  "submit",
  (event) => {
    const editor = editors.get(event.target);
    if (!editor) return;
    clearTimeout(editor.timer);
    if (!editor.running && !editor.unheard.value) {
      editor.isSubmitting = !event.submitter?.matches("[name=preview]");
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    // Not while it is unknown what became of it: over the version before, it would meet itself.
    editor.save().then((isSaved) => {
      if (isSaved) editor.form.requestSubmit(submitter);
    });
  },
  true,
);

const sent = new WeakMap();
document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  const editor = editors.get(detail.elt);
  if (editor) sent.set(detail.elt, editor.area.value);
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const editor = editors.get(detail.requestConfig.elt);
  if (!editor || detail.requestConfig.verb !== "post") return;
  editor.isSubmitting = false;
  const isKept = detail.successful && detail.xhr.status !== 422 && editor.area.value !== sent.get(editor.form);
  if (!isKept) return;
  // Typed on while it was saved: opened again, that much is known to be saved.
  editor.unheard.value = sent.get(editor.form);
  keep(editor.form, editor.area);
});
