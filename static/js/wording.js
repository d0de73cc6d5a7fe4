// Wording that judges people is marked as its author pauses: underlined in the text, and listed below it with something
// to write instead. It never stands in the way: without an answer nothing is marked.
import { post } from "./section-saving.js";
import { Layer } from "./wording-layer.js";

const PAUSE = 1_000;
const editors = new Map();

class Guide {
  constructor(place, area) {
    Object.assign(this, { place, area, timer: null, asked: 0, layer: new Layer(area) });
    area.addEventListener("input", () => this.plan());
    // Others' changes come in without being typed.
    area.addEventListener("focus", () => area.value !== this.layer.text && this.plan());
    place.addEventListener("focusout", ({ relatedTarget }) => this.isStale && !place.contains(relatedTarget) && this.plan());
    this.ask();
  }

  get list() {
    return this.place.querySelector(".wording, [id^=wording-]");
  }

  plan() {
    this.layer.shift();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  async ask() {
    const number = (this.asked += 1);
    const text = this.area.value;
    try {
      const response = await post(this.place.dataset.wording, { body: text });
      const answer = response.ok || response.status === 422 ? await response.text() : "";
      if (answer && number === this.asked && this.area.isConnected) this.take(answer, text);
    } catch {
      // The next pause asks again.
    }
  }

  take(answer, text) {
    // Whoever is in the list finishes there.
    this.isStale = this.list.contains(document.activeElement);
    if (this.isStale) return;
    const fresh = new DOMParser().parseFromString(answer, "text/html").querySelector(".wording");
    if (!fresh) return;
    const list = document.adoptNode(fresh);
    const isOpen = this.list.querySelector(".wording-left")?.open;
    this.list.replaceWith(list);
    if (isOpen) list.querySelector(".wording-left")?.setAttribute("open", "");
    window.htmx.process(list);
    this.read(text);
  }

  // What the list says of `text` is shown in the text.
  read(text) {
    const items = [...this.list.querySelectorAll("[data-start]")];
    const marks = items.map((item) => ({ start: Number(item.dataset.start), end: Number(item.dataset.end), item }));
    this.layer.show(text, marks);
    for (const button of this.list.querySelectorAll("[data-wording-show]")) button.hidden = false;
    this.say(this.list.querySelector("[data-wording-count]")?.textContent.replace(/\s+/g, " ").trim() ?? "");
  }

  say(words) {
    const news = this.place.querySelector("[role=status]");
    if (news && news.textContent !== words) news.textContent = words;
  }
}

const guideOf = (element) => editors.get(element?.closest?.("[data-wording]"));

function equip(root) {
  for (const known of editors.keys()) if (!known.isConnected) editors.delete(known);
  for (const place of root.querySelectorAll?.("[data-wording]") ?? []) {
    const area = place.parentElement.querySelector("textarea[name=body]");
    if (area && !editors.has(place)) editors.set(place, new Guide(place, area));
  }
}

document.addEventListener("htmx:load", ({ target }) => equip(target));
equip(document);

document.addEventListener("click", ({ target }) => {
  const guide = guideOf(target.closest?.("[data-wording-show]"));
  const item = target.closest?.("[data-start]");
  const mark = guide?.layer.marks.find((each) => each.item === item);
  if (mark) guide.layer.select(mark);
  else guide?.area.focus();
});

// Leaving a phrase is answered for the text as it stands here, saved or not.
const sent = new WeakMap();
document.addEventListener("htmx:configRequest", ({ detail }) => {
  const guide = detail.elt.matches("[data-wording-form]") && guideOf(detail.elt);
  if (!guide) return;
  detail.parameters.set ? detail.parameters.set("body", guide.area.value) : (detail.parameters.body = guide.area.value);
  sent.set(guide, guide.area.value);
});
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (!detail.requestConfig?.elt?.matches("[data-wording-form]")) return;
  const list = document.getElementById(detail.target.id);
  const guide = guideOf(list);
  if (guide) guide.read(sent.get(guide) ?? guide.area.value);
  (list?.querySelector("[aria-invalid=true]") ?? list?.querySelector("[data-wording-count]"))?.focus();
});

// The panel of the whole document counts again once a section is saved, here or elsewhere.
function recount(section) {
  const panel = document.getElementById("wording-look");
  if (panel && section?.matches?.(".document-section:not(.editing)")) window.htmx.trigger(panel, "look");
}
document.addEventListener("htmx:load", ({ target }) => recount(target));
document.addEventListener("debrief:replaced", ({ detail }) => recount(detail));
