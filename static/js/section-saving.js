// One section that is open for writing: it is saved while somebody types, one save at a time, and each over the version
// that the text was typed over. What was sent without an answer is sent again as it was before anything else is.
import { lost, patience, reached } from "./connection.js";
import { forget, keep } from "./drafts.js";
import { moved, rebase } from "./section-merge.js";

const PAUSE = 1_200;
const ENOUGH_SECONDS = 20;
// Saved, to be chosen from, and not taken, each with what there is to say about it.
const ANSWERED = [200, 409, 422];

const token = () => document.cookie.match(/(?:^|; )debrief_csrf=([^;]+)/)?.[1] ?? "";

export function post(address, fields, keepalive = false) {
  return fetch(address, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers: { "HX-Request": "true", "X-CSRFToken": token() },
    signal: AbortSignal.timeout(ENOUGH_SECONDS * 1000),
    keepalive,
  });
}

export class Saving {
  constructor(form) {
    this.form = form;
    this.area = form.querySelector("textarea");
    this.line = form.querySelector("[data-save-state]");
    this.seen = form.elements.seen;
    this.unheard = form.elements["initial-unheard"];
    this.attempt = 0;
    this.running = null;
    this.isSubmitting = false;
  }

  get isDirty() {
    return this.area.value !== this.area.defaultValue || this.unheard.value !== "";
  }

  // Somebody has to choose first, or a file that the text names is still coming.
  get isPaused() {
    return this.isSubmitting || Boolean(this.form.querySelector(".conflict")) || this.form.matches("[data-uploading]");
  }

  say(state, words = "") {
    this.line.dataset.state = state;
    this.line.textContent = [this.line.dataset[state], words].filter(Boolean).join(" ");
  }

  plan(delay = PAUSE) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), delay);
  }

  // True once Debrief has everything; what `isAsked` sends the text as well where nothing was typed.
  save({ isAsked = false } = {}) {
    clearTimeout(this.timer);
    this.running ??= this.sendAll(isAsked).finally(() => {
      this.running = null;
    });
    return this.running;
  }

  async sendAll(isAsked) {
    for (let isNext = isAsked || this.isDirty; isNext; isNext = this.isDirty) {
      if (this.isPaused || !this.form.isConnected || !(await this.send())) return false;
    }
    return true;
  }

  async send() {
    const sent = this.unheard.value || this.area.value;
    if (this.isDirty) this.say("saving");
    this.unheard.value = sent;
    let response;
    let answer;
    try {
      response = await post(this.form.dataset.section, { body: sent, seen: this.seen.value });
      answer = ANSWERED.includes(response.status) ? await response.json() : {};
    } catch {
      lost();
      return this.waitFor("offline");
    }
    if (response.status >= 500) return this.waitFor("trouble");
    reached();
    if (response.status === 401) return this.waitFor("signedOut");
    this.attempt = 0;
    this.unheard.value = "";
    return response.ok ? this.take(sent, answer) : this.refuse(response.status, answer);
  }

  waitFor(state) {
    this.say(state);
    keep(this.form, this.area);
    this.plan(patience(this.attempt++));
    return false;
  }

  refuse(status, { panel, words }) {
    if (status === 409) {
      this.form.querySelector("[data-choice]").innerHTML = panel;
      this.say("conflicting");
    } else {
      const { dataset } = document.getElementById("messages");
      this.say("refused", words ?? dataset[status] ?? dataset.other);
    }
    keep(this.form, this.area);
    return false;
  }

  take(sent, { version, words, text = sent }) {
    const merged = this.area.value === sent ? text : rebase(sent, this.area.value, text);
    // Typed where others' words came in: it is sent over what was seen, and meets them there.
    if (text !== sent && merged === null) return true;
    if (text !== sent) this.put(merged);
    this.area.defaultValue = text;
    this.seen.value = version;
    if (this.isDirty) keep(this.form, this.area);
    else forget(this.form);
    this.say("saved", words);
    return true;
  }

  // The cursor stays at the words that it was at.
  put(text) {
    const { value, selectionStart, selectionEnd, scrollTop } = this.area;
    const [start, end] = [selectionStart, selectionEnd].map((place) => moved(value, text, place));
    this.area.value = text;
    this.area.setSelectionRange(start, end);
    this.area.scrollTop = scrollTop;
    this.form.dispatchEvent(new Event("restored"));
  }
}
