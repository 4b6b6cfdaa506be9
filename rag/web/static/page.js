// The source panel: opens sources beside the chat, goes from one to the next, finds words in them.
// gradio gives it `element` (the panel), `trigger` (an event for Python) and `watch` (called after
// the panel shows a new value).

const KINDS = ["cite", "draft", "hit", "article", "words"];
const LINKS = KINDS.map((kind) => `a[href^="#${kind}-"]`).join(", ");
let opener = null; // the link that opened the panel, which gets the focus back

function mark(link) {
  document.querySelectorAll(".is-open").forEach((old) => old.classList.remove("is-open"));
  link?.classList.add("is-open");
}

// --- opening and closing

function reveal() {
  const panel = element.closest("#panel");
  const source = element.querySelector(".source");
  panel.toggleAttribute("data-open", source !== null);
  panel.scrollTop = 0;
  forget();
  if (opener?.hash.slice(1) !== source?.dataset.target) {
    mark(source && document.querySelector(`#talk a[href="#${CSS.escape(source.dataset.target)}"]`));
  }
  const cited = source?.querySelector("mark.cited");
  // Words that can be seen together with the headline are left where they are.
  const last = source && [...source.querySelectorAll("mark.cited")].pop();
  const fold = panel.getBoundingClientRect().bottom - 48;
  if (last && last.getBoundingClientRect().bottom > fold) cited.scrollIntoView({ block: "center" });
  const heading = source?.querySelector("h2");
  if (heading) heading.tabIndex = -1;
  (cited ?? heading)?.focus({ preventScroll: true });
}

function close() {
  element.closest("#panel").removeAttribute("data-open");
  forget();
  opener?.focus();
}

function open(link) {
  const target = link.hash.slice(1);
  if (!element.contains(link)) {
    opener = link;
    mark(link);
  }
  // Asked again for what is open already, the server's answer changes nothing and `watch` is silent.
  if (element.querySelector(".source")?.dataset.target === target) reveal();
  trigger("select", { link: target });
}

document.addEventListener("click", (event) => {
  if (event.target.closest("#panel .close")) return close();
  const link = event.target.closest(LINKS);
  if (!link) return undefined;
  event.preventDefault();
  open(link);
  return undefined;
});

watch("value", reveal);

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
  const tab = event.target.closest?.("#work [role=tab]");
  if (!tab || !TURNS[event.key]) return;
  const tabs = [...tab.parentElement.querySelectorAll("[role=tab]")];
  const next = tabs[(tabs.indexOf(tab) + TURNS[event.key] + tabs.length) % tabs.length];
  event.preventDefault();
  next.click();
  next.focus();
});

// --- finding words: marked by the browser, so that the article itself stays as it is

const paints = globalThis.CSS?.highlights; // older browsers show the match as a selection
let matches = [];
let at = -1;

function forget() {
  matches = [];
  at = -1;
  paints?.delete("found");
  paints?.delete("found-here");
  const field = element.querySelector(".find input");
  if (field) field.value = "";
  tell("");
}

function tell(text) {
  const tally = element.querySelector(".find .tally");
  if (tally) tally.textContent = text;
}

function clear(event) {
  event.stopPropagation();
  forget();
}

// Ranges of `wanted` within each paragraph, across the marks in it.
function search(wanted) {
  const found = [];
  for (const block of element.querySelectorAll(".text p")) {
    const nodes = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    const pieces = [];
    let text = "";
    while (nodes.nextNode()) {
      pieces.push([text.length, nodes.currentNode]);
      text += nodes.currentNode.data;
    }
    const place = (offset) => {
      const [start, node] = pieces.findLast(([begin]) => begin <= offset);
      return [node, Math.min(offset - start, node.length)];
    };
    const plain = text.toLowerCase();
    if (plain.length !== text.length) continue; // a letter that lower case makes two of
    for (let from = plain.indexOf(wanted); from >= 0; from = plain.indexOf(wanted, from + 1)) {
      const range = new Range();
      range.setStart(...place(from));
      const [last, end] = place(from + wanted.length - 1);
      range.setEnd(last, end + 1);
      found.push(range);
    }
  }
  return found;
}

function find(wanted) {
  matches = wanted ? search(wanted.toLowerCase()) : [];
  at = -1;
  paints?.set("found", new Highlight(...matches));
  paints?.delete("found-here");
  if (matches.length) go(1);
  else tell(wanted ? "none" : "");
}

function go(by) {
  if (!matches.length) return;
  at = (at + by + matches.length) % matches.length;
  const here = matches[at];
  if (paints) paints.set("found-here", new Highlight(here));
  else {
    getSelection().removeAllRanges();
    getSelection().addRange(here);
  }
  const panel = element.closest("#panel");
  const box = here.getBoundingClientRect();
  const view = panel.getBoundingClientRect();
  if (box.top < view.top + 60 || box.bottom > view.bottom - 20) {
    panel.scrollTop += box.top - view.top - view.height / 3;
  }
  tell(`${at + 1} of ${matches.length}`);
}

element.addEventListener("input", (event) => {
  if (event.target.matches(".find input")) find(event.target.value.trim());
});
element.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches(".find input")) go(event.shiftKey ? -1 : 1);
});

// --- buttons

element.addEventListener("click", (event) => {
  const by = event.target.closest("[data-find]")?.dataset.find;
  if (by) go(Number(by));
  const button = event.target.closest("button[data-page]");
  if (!button) return;
  const { article, page } = button.dataset;
  const picture = button.closest(".card").querySelector(".page-image");
  if (picture.childElementCount) {
    picture.replaceChildren();
    button.textContent = `Show page ${page}`;
    return;
  }
  button.setAttribute("aria-busy", "true");
  trigger("picture", { article, page: Number(page) });
});
