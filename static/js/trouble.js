// A request that failed never fails silently: a sentence appears, and what was typed stays in its form.
// The sentences are attributes of #messages, so that they are translated with the page.
const messages = document.getElementById("messages");

function say(sentence) {
  messages.querySelector("[data-floating]")?.remove();
  const message = document.createElement("p");
  message.className = "message";
  message.dataset.level = "error";
  message.dataset.floating = "";
  message.textContent = sentence;
  messages.append(message);
}

// Signing in anew in another tab changes the token; the form that is still open here takes the new one.
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.cookie.match(/(?:^|; )debrief_csrf=([^;]+)/)?.[1];
  if (token && event.detail.verb === "post") event.detail.parameters.csrfmiddlewaretoken = token;
});
document.addEventListener("htmx:responseError", (event) => {
  say(messages.dataset[event.detail.xhr.status] ?? messages.dataset.other);
});
document.addEventListener("htmx:sendError", () => say(messages.dataset.unreachable));
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) messages.querySelector("[data-floating]")?.remove();
});
