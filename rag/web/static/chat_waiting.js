// While a question waits: how long, behind whom, and for a server that is gone.

// The question that is asked again once the server is back: its words, its place in the
// conversation, whether as typed. Kept for a page that has to be loaded again for that.
const AGAIN = "byline.again";
const GONE = "Byline does not answer at the moment. Your question is asked again as soon as it does.";
const isGone = () => document.documentElement.hasAttribute("data-gone");
let asking = null; // the question under way
let again = null;

function askAgain(question) {
  again = question;
  if (again) sessionStorage.setItem(AGAIN, JSON.stringify(again));
  else sessionStorage.removeItem(AGAIN);
}

function pendAgain() {
  pend(again.question, again.at, GONE);
  log.lastElementChild.removeAttribute("data-sent");
  started = 0;
}

document.addEventListener("byline:gone", () => {
  if (!busy() || !asking) return;
  askAgain(asking); // what was half written goes
  pendAgain();
});

document.addEventListener("byline:back", () => recall(again?.at));

document.addEventListener("byline:recalled", () => {
  const known = again;
  if (!known) return;
  askAgain(null);
  const { question, at, typed } = known;
  ask(question, at, typed);
  trigger("edit", { turn: at + 1, question, typed });
});

// Who stops it does not want it asked again.
document.addEventListener("click", (event) => {
  if (!again || !event.target.closest?.("#box .stop-button")) return;
  keep(told.slice(0, again.at), again.question, STOPPED);
  askAgain(null);
  const waiting = log.querySelector(".turn[data-writing] .waiting");
  waiting.textContent = STOPPED;
  waiting.className = "failed ended";
  waiting.closest(".turn").removeAttribute("data-writing");
}, true);

// Who waits for others is told so, as long as the server has not begun with the question.
setInterval(async () => {
  const waiting = log.querySelector(".turn[data-writing]:not([data-turn]) .waiting span");
  if (!waiting || !started || Date.now() - started < 1500) return;
  try {
    const { ahead } = await (await fetch("ahead")).json();
    if (!waiting.isConnected) return;
    const people = ahead === 1 ? "1 person is" : `${ahead} people are`;
    waiting.textContent = ahead ? `${people} ahead of you.` : "Searching…";
  } catch { // the next look may find the server
  }
}, 2000);

setInterval(() => {
  const clock = log.querySelector(".waiting .clock");
  const seconds = Math.floor((Date.now() - started) / 1000);
  if (clock && started && seconds > 2) clock.textContent = ` ${seconds} s`;
}, 1000);
