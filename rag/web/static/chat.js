// The conversation. gradio gives this `element`, `props` (`props.value`: the turns), `trigger` (an
// event for Python) and `watch`. Turns are patched, not replaced: focus, selection and what was
// unfolded stay while an answer grows. The parts beside it (chat_*.js) share its names: all are one
// script, joined in the order that theme.py gives.

const log = element.querySelector(".log");
const status = element.querySelector(".status");
const drawn = []; // the HTML of each turn as last put on the page
let following = false; // a new question stays at the top until the reader scrolls
let started = 0; // when the question under way was asked
let told = []; // the turns as last drawn
const over = new Set(); // ids of the answers that have ended

// --- turns

function morph(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  const elements = old.nodeType === 1 && fresh.nodeType === 1;
  if (!elements || old.tagName !== fresh.tagName) {
    old.replaceWith(fresh);
    return;
  }
  if (old.hasAttribute("data-live") && fresh.hasAttribute("data-live")) return;
  for (const { name } of [...old.attributes]) {
    if (name !== "open" && !fresh.hasAttribute(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  const next = [...fresh.childNodes];
  [...old.childNodes].slice(next.length).forEach((node) => node.remove());
  next.forEach((node, at) => {
    if (old.childNodes[at]) morph(old.childNodes[at], node);
    else old.append(node);
  });
}

function put(at, html) {
  if (drawn[at] === html) return;
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const fresh = holder.content.firstElementChild;
  if (log.children[at]) morph(log.children[at], fresh);
  else log.append(fresh);
  drawn[at] = html;
}

function draw() {
  const turns = props.value ?? [];
  // What a stopped answer sent last may arrive after the stop.
  if (turns.some((turn) => turn.busy && (over.has(turn.id) || isGone()))) return;
  turns.filter((turn) => !turn.busy).forEach((turn) => over.add(turn.id));
  told = turns;
  const writing = log.querySelector(".turn[data-writing]");
  turns.forEach((turn, at) => put(at, turn.html));
  while (log.children.length > turns.length) log.lastElementChild.remove();
  drawn.length = turns.length;
  const busy = turns.some((turn) => turn.busy);
  if (asking && !asking.taken && turns.length > asking.at) taken();
  [...log.children].forEach((turn, at) => turn.toggleAttribute("data-writing", turns[at].busy));
  if (following) log.lastElementChild?.scrollIntoView({ block: "start" });
  log.querySelector("form.reason")?.scrollIntoView({ block: "nearest" });
  document.dispatchEvent(new Event("byline:drawn"));
  if (again) return pendAgain();
  if (busy) return;
  if (turns.length > asking?.at) asking = null; // it may be a late word of the one before
  if (writing && turns.length) announce();
  if (writing?.isConnected || !turns.length) cite(turns.length);
  keep(turns);
}

// Tells the source panel what the answer of a turn cites; "": there is no answer any more.
function cite(turn) {
  const cited = log.lastElementChild?.querySelectorAll(".answer a.cite") ?? [];
  const links = turn ? [...cited].map((link) => link.hash.slice(1)) : [""];
  document.dispatchEvent(new CustomEvent("byline:answered", { detail: { of: "ask", turn, links } }));
}

function announce() {
  const turn = log.lastElementChild;
  const said = [...turn.querySelectorAll(".answer .said, .verdict, .failed, .abstention .sentence")];
  status.textContent = said.map((part) => part.textContent).join(" ");
}

// Shows a question at once, before the server has heard of it; `at`: in place of that turn.
function ask(question, at = log.children.length, typed = false) {
  asking = { question, at, typed };
  if (isGone()) {
    askAgain(asking);
    pendAgain();
  } else pend(question, at, "Searching…");
  keep(told.slice(0, at), question);
}

function pend(question, at, step) {
  document.dispatchEvent(new Event("byline:asked"));
  while (log.children.length > at) log.lastElementChild.remove();
  drawn.length = Math.min(drawn.length, at);
  const turn = document.createElement("section");
  turn.className = "turn";
  turn.setAttribute("data-writing", "");
  turn.setAttribute("data-sent", ""); // until the server has begun with it
  turn.innerHTML =
    "<div class='asked'><h2 class='question'></h2></div>" +
    "<div class='waiting'><span></span><span class='clock' data-live></span></div>";
  turn.querySelector(".question").textContent = question;
  turn.querySelector(".waiting span").textContent = step;
  log.append(turn);
  following = true;
  started = Date.now();
  turn.scrollIntoView({ block: "start" });
  status.textContent = step;
}

const busy = () => log.querySelector(".turn[data-writing]") !== null;

for (const gesture of ["wheel", "touchmove", "pointerdown", "keydown"]) {
  document.addEventListener(gesture, (event) => {
    if (event.target.closest?.("#talk")) following = false;
  }, { passive: true });
}

watch("value", draw);
document.addEventListener("byline:unanswered", draw);
draw();
reopen();
