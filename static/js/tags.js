// Suggests the tag being typed after the last comma: a list of the browser's own completes whole lines alone.
document.addEventListener("input", (event) => {
  const field = event.target;
  if (!field.matches?.("input[data-tags]") || !field.list) return;
  const before = field.value.slice(0, field.value.lastIndexOf(",") + 1);
  const chosen = new Set(before.split(",").map((tag) => tag.trim().toLowerCase()));
  for (const option of field.list.options) {
    option.dataset.tag ??= option.value;
    option.disabled = chosen.has(option.dataset.tag);
    option.value = before ? `${before} ${option.dataset.tag}` : option.dataset.tag;
  }
});
