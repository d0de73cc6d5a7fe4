// Somebody who writes in an open section of a post-mortem without end: words at random places after random pauses, saved
// by the page's own script. Some answers are lost on the way. `acknowledged` are the words that Debrief has answered to,
// `cared` those that were written while whoever writes takes care: writes over nothing, and keeps both texts.
const WORD = /\bword-[a-z]+-\d+\b/g;
const CHOICES = ["mine", "theirs", "both"];
const OVER = [0, 0, 0, 1, 2];
const PAUSE = 40;
const LOST_OF = 40;

const below = (count) => Math.floor(Math.random() * count);
const pause = () => new Promise((resume) => setTimeout(resume, below(PAUSE)));
const section = () => document.getElementById("section-lessons");
const area = () => section().querySelector("textarea");
const conflict = () => section().querySelector(".conflict");

async function until(holds) {
  while (!holds()) await new Promise((resume) => setTimeout(resume, 5));
}

class Writer {
  constructor(name) {
    Object.assign(this, { name, count: 0, saves: 0, merges: 0, conflicts: 0, isHeld: false, isIdle: true });
    Object.assign(this, { isCareful: false, acknowledged: new Set(), cared: [] });
  }

  // Between two words, or over some; `place` is that of a word.
  put(place = below(area().value.split(" ").length + 1), over = OVER[below(this.isCareful ? 3 : OVER.length)]) {
    const words = area().value.split(" ");
    this.count += 1;
    const word = `word-${this.name}-${this.count}`;
    words.splice(place, over, word);
    if (this.isCareful) this.cared.push(word);
    area().value = words.join(" ");
    area().dispatchEvent(new Event("input", { bubbles: true }));
  }

  // Both have typed before either is saved.
  hold(isAtEnd) {
    [this.isHeld, this.isIdle] = [true, false];
    this.put(isAtEnd ? area().value.split(" ").length : 0, 0);
  }

  async letGo() {
    this.isHeld = false;
    this.editor.plan();
    await this.settle();
    this.isIdle = true;
  }

  async write(rounds) {
    this.isIdle = false;
    for (let round = 0; round < rounds; round += 1) {
      await pause();
      this.put();
      if (below(3) === 0) {
        await pause();
        // Typed while the save before it is on its way, or beside a question.
        this.put();
      }
      await this.settle();
    }
    this.isIdle = true;
  }

  get isSettled() {
    const isOpenedAnew = this.editor.form !== area().form && area().value === area().defaultValue;
    return isOpenedAnew || (!this.editor.running && !this.editor.isDirty);
  }

  async settle() {
    for (;;) {
      await until(() => conflict() || this.isSettled);
      if (!conflict()) return;
      this.conflicts += 1;
      await this.choose(this.isCareful ? "both" : CHOICES[below(CHOICES.length)]);
    }
  }

  async choose(choice) {
    const asked = conflict();
    await pause();
    asked.querySelector(`[value=${choice}]`).click();
    await until(() => !asked.isConnected && !section().matches(".htmx-added"));
    if (conflict()) return;
    if (area()) return;
    section().querySelector("header a[hx-get]").click();
    await until(area);
  }

  acknowledge(text) {
    for (const word of text.match(WORD) ?? []) this.acknowledged.add(word);
  }
}

async function begin(name) {
  const writer = new Writer(name);
  const scripts = performance.getEntriesByType("resource").map((entry) => entry.name);
  const { Saving } = await import(scripts.find((each) => each.includes("/section-saving.")));
  const { plan } = Saving.prototype;
  Saving.prototype.plan = function () {
    writer.editor = this;
    if (!writer.isHeld) plan.call(this, below(PAUSE));
  };
  const send = window.fetch;
  window.fetch = async (address, options) => {
    const response = await send(address, options);
    if (!`${address}`.endsWith("/text/")) return response;
    if (below(LOST_OF) === 0) throw new TypeError("Lost on the way.");
    if (response.status === 200) {
      writer.saves += 1;
      writer.acknowledge(options.body.get("body"));
      if ("text" in (await response.clone().json())) writer.merges += 1;
    }
    return response;
  };
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    const { verb, path, formData } = detail.requestConfig;
    const isChosen = verb === "post" && path.endsWith("/sections/lessons/") && formData.get("choice") !== "both";
    if (isChosen && detail.xhr.status === 200) writer.acknowledge(formData.get("body"));
  });
  return writer;
}
