// A request that failed never fails silently: a sentence appears, and what was typed stays in its form.
const SENTENCES = {
  403: "You may not do this. Sign in again, or ask an administrator.",
  404: "This is not there any more. Reload the page.",
  503: "Nothing was saved: the database cannot take it at the moment. Send it again shortly.",
};

function say(sentence) {
  const messages = document.getElementById("messages");
  messages.querySelector("[data-floating]")?.remove();
  const message = document.createElement("p");
  message.className = "message";
  message.dataset.level = "error";
  message.dataset.floating = "";
  message.textContent = sentence;
  messages.append(message);
}

document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  say(SENTENCES[status] ?? `Nothing was saved (error ${status}). What you typed is still here; send it again.`);
});
document.addEventListener("htmx:sendError", () => {
  say("Debrief cannot be reached. What you typed is still here; send it again once the connection is back.");
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) document.querySelector("#messages [data-floating]")?.remove();
});
