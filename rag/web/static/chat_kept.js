// The conversation as this tab of the browser keeps it, for a reload.

const KEPT = "byline.conversation";
const INTERRUPTED = "The page was loaded again before the answer was complete.";
const STOPPED = "Stopped before the answer was complete.";

function keep(turns, asked = null, problem = INTERRUPTED) {
  let kept = turns.map((turn) => turn.kept).filter(Boolean);
  if (asked) kept.push(JSON.stringify({ question: asked, problem }));
  while (kept.length) {
    try {
      sessionStorage.setItem(KEPT, JSON.stringify(kept));
      return;
    } catch { // full: the oldest go
      kept = kept.slice(Math.ceil(kept.length / 2));
    }
  }
}

function stored(key, without) {
  try {
    return JSON.parse(sessionStorage.getItem(key)) ?? without;
  } catch { // nothing that we wrote
    sessionStorage.removeItem(key);
    return without;
  }
}

// Tells the server what it has forgotten, or never knew of: the first `count` questions.
function recall(count = Infinity) {
  const kept = stored(KEPT, []).slice(0, count);
  trigger("recall", { kept: `[${kept.join(",")}]` }); // as text: gradio looks into objects for files
}

function reopen() {
  again = stored(AGAIN, null);
  const kept = stored(KEPT, []);
  if (!kept.length) return;
  kept.forEach((turn) => pend(JSON.parse(turn).question, log.children.length, "Opening…"));
  following = false;
  recall();
}

// What one user asked is not shown to the next one in this tab.
document.addEventListener("submit", (event) => {
  if (event.target.matches(".sign-out")) sessionStorage.removeItem(KEPT);
});
