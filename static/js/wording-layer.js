// Underlines parts of a text area: a layer behind it holds the same text, invisible but for its marks.
import { mirror } from "./text-mirror.js";

export class Layer {
  constructor(area) {
    this.area = area;
    this.text = area.value;
    this.marks = [];
    this.element = Object.assign(document.createElement("div"), { className: "wording-layer", ariaHidden: "true" });
    area.before(this.element);
    area.addEventListener("scroll", () => this.follow(), { passive: true });
    this.observer = new ResizeObserver(() => this.fit());
    this.observer.observe(area);
  }

  // Of the same size as the area, so that its lines end where the area's do.
  fit() {
    mirror(this.area, this.element);
    this.follow();
  }

  follow() {
    this.element.scrollTop = this.area.scrollTop;
  }

  // `marks` are pairs of places in the text as it was when it was looked at.
  show(text, marks) {
    this.text = text;
    this.marks = marks;
    this.shift();
  }

  // What was typed since moves the marks behind it, and ends those that it touched.
  shift() {
    const [was, now] = [this.text, this.area.value];
    const most = Math.min(was.length, now.length);
    let head = 0;
    while (head < most && was[head] === now[head]) head += 1;
    let tail = 0;
    while (tail < most - head && was[was.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1;
    const by = now.length - was.length;
    if (was !== now) {
      for (const mark of this.marks) {
        if (mark.start >= was.length - tail) Object.assign(mark, { start: mark.start + by, end: mark.end + by });
        else if (mark.end > head) mark.isGone = true;
      }
    }
    this.text = now;
    this.marks = this.marks.filter((mark) => !mark.isGone);
    this.draw();
  }

  draw() {
    const parts = [];
    let done = 0;
    for (const mark of this.marks) {
      mark.element = Object.assign(document.createElement("mark"), { textContent: this.text.slice(mark.start, mark.end) });
      parts.push(this.text.slice(done, mark.start), mark.element);
      done = mark.end;
    }
    // A last line without characters has its height all the same.
    this.element.replaceChildren(...parts, `${this.text.slice(done)}\u200b`);
    this.fit();
  }

  select(mark) {
    this.area.focus({ preventScroll: true });
    this.area.setSelectionRange(mark.start, mark.end);
    this.area.scrollTop = mark.element.offsetTop - this.area.clientHeight / 2;
    this.area.scrollIntoView({ block: "nearest" });
  }
}
