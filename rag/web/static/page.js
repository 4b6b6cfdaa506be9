// The source panel: opens sources beside the chat, and goes from one to the next. gradio gives it
// `element` (the panel), `trigger` (an event for Python) and `watch` (called after the panel shows a
// new value). page_find.js is a part of the same script.

const KINDS = ["cite", "draft", "hit", "article", "words"];
const LINKS = KINDS.map((kind) => `a[href^="#${kind}-"]`).join(", ");
const UNCITED = "none"; // the link of an answer that cites nothing
const wide = matchMedia("(min-width: 861px)"); // the panel stands beside the tabs, not over them
const beside = {}; // by tab: the link whose source stands beside it
let tab = "ask"; // the one that is seen
let opener = null; // the link that opened the panel, which gets the focus back
let chosen = ""; // the link that the reader himself opened since he last asked
let wanted = ""; // the link last asked of the server …
let moves = false; // … and whether the keyboard goes to what it opens
let revealed = ""; // the link whose source is seen

// --- which link is lit

const shown = () => element.querySelector("[data-target]")?.dataset.target ?? "";

function linksTo(target) {
  const links = document.querySelectorAll(`#work a[href="#${CSS.escape(target)}"]`);
  return [...links].filter((link) => link.checkVisibility());
}

function light() {
  for (const old of document.querySelectorAll(".is-open")) {
    old.classList.remove("is-open");
    old.removeAttribute("aria-current");
  }
  const links = shown() ? linksTo(shown()) : [];
  const link = links.includes(opener) ? opener : links[0];
  link?.classList.add("is-open");
  link?.setAttribute("aria-current", "true");
}

// --- opening and closing

// `focused`: the keyboard goes to what was opened.
function reveal(focused) {
  const panel = element.closest("#panel");
  const source = element.querySelector(".source");
  const again = shown() === revealed && !focused;
  revealed = shown();
  if (focused || !source) panel.toggleAttribute("data-open", source !== null);
  forget();
  light();
  if (again) return;
  panel.scrollTop = 0;
  const cited = source?.querySelector("mark.cited");
  // Words that can be seen together with the headline are left where they are.
  const last = source && [...source.querySelectorAll("mark.cited")].pop();
  const fold = panel.getBoundingClientRect().bottom - 48;
  if (last && last.getBoundingClientRect().bottom > fold) cited.scrollIntoView({ block: "center" });
  const heading = source?.querySelector("h2");
  if (heading) heading.tabIndex = -1;
  if (focused) (cited ?? heading)?.focus({ preventScroll: true });
}

function close() {
  element.closest("#panel").removeAttribute("data-open");
  forget();
  (opener?.isConnected ? opener : linksTo(shown())[0])?.focus();
}

// `byReader`: he asked for it himself, so his keyboard goes there.
function show(target, byReader) {
  moves = byReader;
  beside[tab] = wanted = target;
  if (!target && !shown()) return;
  // Asked again for what is open already, the server's answer changes nothing and `watch` is silent.
  if (byReader && shown() === target) reveal(true);
  trigger("select", { link: target });
}

function open(link) {
  if (!element.contains(link)) opener = link;
  chosen = link.hash.slice(1);
  show(chosen, true);
}

document.addEventListener("click", (event) => {
  if (event.target.closest("#panel .close")) return close();
  const link = event.target.closest(LINKS);
  if (!link) return undefined;
  event.preventDefault();
  open(link);
  return undefined;
});

// What was asked for before the last may come in between, or behind it: then the last once more.
watch("value", () => {
  const isLast = [wanted, "gone"].includes(shown());
  reveal(moves && isLast);
  if (!isLast) trigger("select", { link: wanted });
});

// --- the source beside a tab is that tab's

// An answer, or a table, has come: its first source opens by itself, but for one of this answer
// that the reader has opened. On a phone it would lie over the answer.
function answered({ detail: { of, turn, links } }) {
  const own = turn && new RegExp(`^(cite|draft|hit)-${turn}-`).test(chosen);
  const stays = own && (links.includes(chosen) || !chosen.startsWith("cite"));
  const target = stays ? chosen : links[0] ?? UNCITED;
  if (tab !== of || !wide.matches) beside[of] = target;
  else if (!document.activeElement.matches("#panel input")) show(target, false);
}

function follow() {
  if (wide.matches && shown() !== (beside[tab] ?? "")) show(beside[tab] ?? "", false);
}

function changed() {
  const now = document.querySelector("#work [role=tab][aria-selected=true]")?.getAttribute("aria-controls");
  if (!now || now === tab) return;
  tab = now;
  opener = null;
  follow();
}

document.addEventListener("byline:asked", () => { chosen = ""; });
document.addEventListener("byline:answered", answered);
document.addEventListener("byline:drawn", light);
wide.addEventListener("change", follow);
new MutationObserver(changed).observe(document.body, {
  attributeFilter: ["aria-selected"], subtree: true,
});

// --- keys, while the panel has the focus

const step = (which) => element.querySelector(`.bar a.step[rel="${which}"]`)?.click();
const KEYS = {
  n: () => step("next"),
  p: () => step("prev"),
  "/": () => element.querySelector(".find input")?.focus(),
};

document.addEventListener("keydown", (event) => {
  if (!element.contains(document.activeElement)) return;
  const typing = event.target.matches("input");
  if (event.key === "Escape") {
    if (typing && event.target.value) return clear(event);
    return close();
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return undefined;
  event.preventDefault();
  return KEYS[event.key]();
});

// --- the arrow keys go from tab to tab

const TURNS = { ArrowRight: 1, ArrowLeft: -1 };

document.addEventListener("keydown", (event) => {
  const from = event.target.closest?.("#work [role=tab]");
  if (!from || !TURNS[event.key]) return;
  const tabs = [...from.parentElement.querySelectorAll("[role=tab]")];
  const next = tabs[(tabs.indexOf(from) + TURNS[event.key] + tabs.length) % tabs.length];
  event.preventDefault();
  next.click();
  next.focus();
});

// --- pages of the file

element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-page]");
  if (!button) return;
  const { article, page, start, end } = button.dataset;
  const picture = button.closest(".card").querySelector(".page-image");
  if (picture.childElementCount) {
    picture.replaceChildren();
    button.textContent = `Show page ${page}`;
    return;
  }
  button.setAttribute("aria-busy", "true");
  trigger("picture", { article, page: Number(page), start: Number(start), end: Number(end) });
});
