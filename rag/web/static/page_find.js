// Finding words in the open article: marked by the browser, so that the article itself stays as it is.
// A part of page.js's script.

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
element.addEventListener("click", (event) => {
  const by = event.target.closest("[data-find]")?.dataset.find;
  if (by) go(Number(by));
});
