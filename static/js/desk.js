// The call form works without this. It makes it quick for two hands and a headset.

import { Search } from "./desk-kinds.js";

const form = document.querySelector("#call");
const save = form.querySelector("[data-save]");
const questions = form.querySelector("#desk-questions");
const opened = performance.now();

// ↵ goes on to the next field (a half-told call is never sent by it), Ctrl+↵ saves.
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || event.defaultPrevented) return;
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    form.requestSubmit(save);
  } else if (event.target.matches("input, select")) {
    event.preventDefault();
    goOnFrom(event.target);
  }
});

// Alt and a letter, the same in every browser: to a field, or the button is pressed.
document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || !event.code.startsWith("Key")) return;
  const meant = form.querySelector(`[data-alt="${event.code.slice(3)}"]`);
  if (!meant) return;
  event.preventDefault();
  meant.focus();
  if (meant.matches("button, [type=checkbox]")) meant.click();
});

/** To the next control that can be reached by Tab; of a group of radio buttons only one can. */
function goOnFrom(field) {
  const later = [...form.querySelectorAll("input, select, textarea, button")].filter((other) =>
    field.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING
    && other.checkVisibility() && other.tabIndex >= 0 && !(field.name && other.name === field.name));
  const next = later[0];
  (next?.type === "radio" && form.querySelector(`[name="${CSS.escape(next.name)}"]:checked`) || next)?.focus();
}

// 1…9 choose an answer of the question that has the focus.
questions.addEventListener("keydown", ({ target, key }) => {
  if (target.type !== "radio" || !/^[1-9]$/.test(key)) return;
  const choice = questions.querySelectorAll(`[name="${CSS.escape(target.name)}"]`)[Number(key) - 1];
  choice?.focus();
  choice?.click();
});

// The kind is searched for; once it is chosen, its first question has the focus.
let goToQuestions = false;
new Search(form.elements.category, () => { goToQuestions = true; });
questions.addEventListener("htmx:after:swap", () => {
  if (!goToQuestions) return;
  goToQuestions = false;
  (questions.querySelector("input") ?? form.elements.address).focus();
});

// The clock starts with the first key: then somebody is talking.
const waited = form.elements.waited;
let talkingSince = waited.value ? opened - Number(form.dataset.seconds) * 1000 : null;
form.addEventListener("input", () => {
  talkingSince ??= performance.now();
  waited.value ||= String(Math.round((talkingSince - opened) / 1000));
  dirty = true;
});
const clock = form.querySelector("[data-clock]");
setInterval(() => {
  if (talkingSince === null) return;
  const seconds = Math.floor((performance.now() - talkingSince) / 1000);
  clock.value = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}, 1000);

// Leaving a call that is not saved asks first.
let dirty = Boolean(waited.value);
form.addEventListener("submit", () => { dirty = false; });
window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });

// A known caller's name and language go where nothing was typed or chosen yet.
let languageChosen = Boolean(waited.value);
form.addEventListener("change", ({ target }) => { if (target.name === "language") languageChosen = true; });
form.addEventListener("htmx:after:swap", () => {
  const known = form.querySelector("[data-known-name]");
  if (!known) return;
  form.elements.name.value ||= known.dataset.knownName;
  if (!languageChosen) form.elements.language.value = known.dataset.knownLanguage;
});

// The map and what is known nearby show each other.
const map = form.querySelector("[data-map]");
form.addEventListener("hotline:place", () => form.dispatchEvent(new CustomEvent("deskplace")));
function showNearby() {
  const found = [...form.querySelectorAll("#desk-nearby [data-lon]")].map(({ dataset }) => ({
    lon: Number(dataset.lon), lat: Number(dataset.lat), label: dataset.label, tone: dataset.tone,
  }));
  map?.dispatchEvent(new CustomEvent("hotline:markers", { detail: found }));
}
form.addEventListener("htmx:after:swap", showNearby);
new MutationObserver(showNearby).observe(map, { attributeFilter: ["data-ready"] });

// A page that came back: to the first thing that is wrong.
form.querySelector(".is-invalid, .field-wrong input")?.focus();
