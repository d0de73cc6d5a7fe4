// A list of fields that grows: when something is written in the last one, an empty one follows, up to the list's limit.
document.addEventListener("input", (event) => {
  const item = event.target.closest?.("[data-grows] > li");
  const list = item?.parentElement;
  if (!list || list.lastElementChild !== item || !event.target.value) return;
  if (list.children.length >= Number(list.dataset.grows)) return;
  const next = item.cloneNode(true);
  const field = next.querySelector("input");
  field.value = "";
  field.removeAttribute("value");
  field.name = field.name.replace(/\d+$/, list.children.length);
  field.setAttribute("aria-label", field.getAttribute("aria-label").replace(/\d+/, list.children.length + 1));
  list.append(next);
});
