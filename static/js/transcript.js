// A text file dropped on a field that takes one is read into it, and where files can be chosen beside it several are
// chosen there; nothing is sent yet.
const MOST = 1_000_000;

document.addEventListener("dragover", (event) => {
  if (event.target.closest?.("[data-takes-files]")) event.preventDefault();
});
document.addEventListener("drop", async (event) => {
  const field = event.target.closest?.("textarea[data-takes-files]");
  const file = event.dataTransfer?.files[0];
  if (!field || !file) return;
  event.preventDefault();
  const chooser = field.form?.querySelector("input[type=file][multiple]");
  if (chooser) {
    chooser.files = event.dataTransfer.files;
    chooser.dispatchEvent(new Event("change", { bubbles: true }));
    return;
  }
  // Beyond the limit the server says so, and a byte more is enough for that.
  field.value = await file.slice(0, MOST + 1).text();
  field.dispatchEvent(new Event("input", { bubbles: true }));
});
