// A file that was waited for downloads by itself, once: its link arrives in a swapped fragment.
document.addEventListener("htmx:load", (event) => {
  const link = event.target.querySelector?.("a[data-download-now]");
  if (!link) return;
  delete link.dataset.downloadNow;
  link.removeAttribute("data-download-now");
  window.location.assign(link.href);
});
