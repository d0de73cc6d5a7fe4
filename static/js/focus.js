// After a fragment was swapped, the keyboard goes on where it was: in the form that opened, at the first mistake,
// or in the panel that was saved. Panels that refresh themselves never take the focus.
function landingPlace(panel, request) {
  const mistake = panel.querySelector("[aria-invalid=true]");
  if (mistake) return mistake;
  const isCancelled = request.path.includes("cancel");
  const form = panel.querySelector(".editing form:not(.presence), .record form.form, .panel-add form") ?? panel.querySelector("form.form");
  const field = form?.querySelector("textarea, input:not([type=hidden]), select");
  const isNextEntry = request.verb === "post" && panel.id === "timeline-panel";
  if (field && !isCancelled && (request.verb === "get" || isNextEntry)) return field;
  // A row of the timeline has no heading; what leads back into its form comes first.
  if (panel.matches("li.event")) return panel.querySelector(".event-actions a");
  const heading = panel.querySelector("h2, h3");
  heading?.setAttribute("tabindex", "-1");
  return heading;
}

document.addEventListener("htmx:afterSettle", (event) => {
  const request = event.detail.requestConfig;
  if (!request?.elt?.matches("a, button, form") || request.elt.isConnected) return;
  const panel = document.getElementById(event.detail.target?.id) ?? event.detail.elt;
  // Whoever went on elsewhere meanwhile stays there.
  if (document.activeElement !== document.body && !panel.contains(document.activeElement)) return;
  landingPlace(panel, request)?.focus({ preventScroll: request.verb === "post" });
});

// The form for an event between two others comes beside the link that asked for it, which stays.
document.addEventListener("htmx:load", ({ target }) => {
  if (target.matches("li.inserting")) target.querySelector("textarea").focus();
});

// Whoever goes to the form for a new event means to write in it.
const box = () => document.querySelector("#timeline-add textarea");
document.addEventListener("click", (event) => {
  const link = event.target.closest?.('a[href$="#timeline-add"]');
  if (!link || link.pathname !== window.location.pathname || event.ctrlKey || event.metaKey || event.shiftKey || !box()) return;
  event.preventDefault();
  box().focus();
});
if (window.location.hash === "#timeline-add") box()?.focus();

// Not every browser gives the keyboard to what a click opens.
const menuAt = (place) =>
  place === document.body ? place.querySelector("[data-menu][open]") : place.closest?.("[data-menu][open]");

// Escape closes the menu that the keyboard is in, and leads back to its button; else it cancels the form.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = menuAt(event.target);
  if (menu) {
    menu.open = false;
    return menu.querySelector("summary").focus();
  }
  const cancel = event.target.closest?.("form")?.querySelector("a[href][hx-get*=cancel]");
  cancel?.click();
});
