// The conversation as this tab of the browser keeps it, for a reload.

const KEPT = "byline.conversation";
const INTERRUPTED = "The page was loaded again before the answer was complete.";

function keep(turns, asked = null) {
  let kept = turns.map((turn) => turn.kept).filter(Boolean);
  if (asked) kept.push(JSON.stringify({ question: asked, problem: INTERRUPTED }));
  while (kept.length) {
    try {
      sessionStorage.setItem(KEPT, JSON.stringify(kept));
      return;
    } catch { // full: the oldest go
      kept = kept.slice(Math.ceil(kept.length / 2));
    }
  }
}

function recall() {
  let kept = [];
  try {
    kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
  } catch { // nothing that we wrote
    sessionStorage.removeItem(KEPT);
  }
  if (!kept.length) return;
  kept.forEach((turn) => pend(JSON.parse(turn).question, log.children.length, "Opening…"));
  following = false;
  trigger("recall", { kept: `[${kept.join(",")}]` }); // as text: gradio looks into objects for files
}

// What one user asked is not shown to the next one in this tab.
document.addEventListener("submit", (event) => {
  if (event.target.matches(".sign-out")) sessionStorage.removeItem(KEPT);
});
