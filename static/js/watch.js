// Asks every few seconds whether others changed the incident, and shows what they did.
import { announce } from "./announce.js";
import { learn } from "./clock.js";
import { lost, patience, reached } from "./connection.js";
import { isOutdated, takeInHeld, takeInPanels } from "./panels.js";
import { takeInAll } from "./rows.js";

const OFTEN = 2_400;
const SELDOM = 15_000;
const LONG_ENOUGH = 600_000;
const ENOUGH_SECONDS = 10;

const root = document.querySelector("[data-watch]");
let revision = root?.dataset.revision;
let startedAt = Date.now();
let timer = null;
let failures = 0;
let isAsking = false;

const isOver = () => root.dataset.over === "yes";

function setState(state) {
  root.dataset.state = state;
  root.querySelector("[data-watch-state]").textContent = root.dataset[state];
  root.querySelector("[data-watch-resume]").hidden = state !== "stopped";
}

function plan(delay) {
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(ask, delay);
}

function planNext() {
  if (isOver() && Date.now() - startedAt > LONG_ENOUGH) setState("stopped");
  else plan(isOver() ? SELDOM : OFTEN);
}

const inside = (text) => new DOMParser().parseFromString(text, "text/html");

// Panels that another part of Debrief shows, at addresses of their own.
async function readRenewed(answer) {
  const addresses = [...answer.querySelectorAll("[data-renew]")].map((each) => each.dataset.renew);
  const responses = await Promise.all(addresses.map((address) => fetch(address, { headers: { "HX-Request": "true" } })));
  if (responses.some((response) => response.status >= 500)) throw new Error("not answered");
  const texts = await Promise.all(responses.filter((response) => response.ok).map((response) => response.text()));
  return texts.map((text) => inside(text).body.firstElementChild);
}

function tell(outcome, panels) {
  if (outcome.new.length) announce("new", outcome.new.length);
  if (outcome.changed.length) announce("changed", outcome.changed.length);
  for (const [what, isOffered] of [["facts", false], ["offered", true]]) {
    const names = panels.filter((panel) => panel.name && panel.isOffered === isOffered).map((panel) => panel.name);
    if (names.length) announce(what, 1, names.join(", "));
  }
}

async function takeIn(text, asked) {
  const answer = inside(text).querySelector("[data-changes]");
  if (!answer) return;
  const renewed = await readRenewed(answer);
  // It is asked for again.
  if (isOutdated(asked)) return;
  const outcome = takeInAll(answer);
  tell(outcome, takeInPanels([...answer.querySelectorAll("[data-panels] > [id]"), ...renewed]));
  root.dataset.over = answer.dataset.over;
  // What is selected or worked in is asked for again.
  if (!outcome.kept.length) revision = answer.dataset.changes;
}

function sayOnce(state) {
  if (root.dataset.state !== state) announce(state);
  setState(state);
}

async function ask() {
  if (isAsking) return;
  isAsking = true;
  const asked = Date.now();
  try {
    const query = new URLSearchParams({ since: revision });
    const response = await fetch(`${root.dataset.watch}?${query}`, {
      headers: { "HX-Request": "true", "HX-Current-URL": window.location.href },
      cache: "no-store",
      signal: AbortSignal.timeout(ENOUGH_SECONDS * 1000),
    });
    if (response.status >= 500) throw new Error("not answered");
    learn(response.headers.get("Debrief-Now"), asked, Date.now());
    failures = 0;
    reached();
    if (response.status === 200) await takeIn(await response.text(), asked);
    takeInHeld();
    if (response.status === 401) {
      // Somebody may sign in again in another tab.
      sayOnce("signedOut");
      plan(SELDOM);
    } else if (!response.ok) sayOnce("gone");
    else {
      setState("live");
      planNext();
    }
  } catch {
    lost();
    setState("offline");
    plan(patience(failures++));
  } finally {
    isAsking = false;
  }
}

function resume() {
  startedAt = Date.now();
  ask();
}

if (root) {
  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : resume()));
  for (const again of ["online", "focus"]) window.addEventListener(again, ask);
  document.addEventListener("debrief:elsewhere", ask);
  root.querySelector("[data-watch-resume]").addEventListener("click", resume);
  ask();
}
