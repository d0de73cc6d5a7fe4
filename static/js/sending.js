// One file on its way, with its progress where it takes longer than a second.
const SLOW = 1000;

function token() {
  return document.cookie.match(/(?:^|; )debrief_csrf=([^;]+)/)?.[1] ?? "";
}

function showProgress(request, line, label) {
  const bar = document.createElement("progress");
  bar.setAttribute("aria-label", label);
  bar.max = 1;
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) bar.value = event.loaded / event.total;
  });
  const timer = setTimeout(() => line?.append(label, " ", bar), SLOW);
  request.addEventListener("loadend", () => {
    clearTimeout(timer);
    line?.replaceChildren();
  });
}

// Says beside the text why a file was not taken, until it is read. At the end of the page where the text is gone.
export function sayRefused(area, sentence, words) {
  const [message, button] = ["div", "button"].map((name) => document.createElement(name));
  message.className = "message upload-refused";
  message.dataset.level = "error";
  message.setAttribute("role", "alert");
  Object.assign(button, { type: "button", className: "quiet", textContent: words.dismiss });
  button.addEventListener("click", () => {
    message.remove();
    area.focus();
  });
  message.append(sentence, " ", button);
  if (area.isConnected) area.parentElement.append(message);
  else document.getElementById("messages").append(message);
}

// What the server answers; an Error with a sentence where the file was not taken.
export function send(file, address, line, words) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("file", file, file.name);
    request.open("POST", address);
    request.responseType = "json";
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", token());
    // Signed out, it is told so instead of being led to the sign-in page.
    request.setRequestHeader("HX-Request", "true");
    showProgress(request, line, words.uploading.replace("%s", file.name));
    request.addEventListener("load", () => {
      if (request.status === 201) resolve(request.response);
      else reject(new Error(request.response?.error ?? words[request.status] ?? words.other));
    });
    request.addEventListener("error", () => reject(new Error(words.unreachable)));
    request.send(body);
  });
}
