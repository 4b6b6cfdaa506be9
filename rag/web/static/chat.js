// The conversation. gradio gives this `element`, `props` (`props.value`: the turns), `trigger` (an
// event for Python) and `watch`. Turns are patched, not replaced: focus, selection and what was
// unfolded stay while an answer grows. What is kept for a reload is kept in this tab alone.

const KEPT = "byline.conversation";
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
  if (turns.some((turn) => turn.busy && over.has(turn.id))) return;
  turns.filter((turn) => !turn.busy).forEach((turn) => over.add(turn.id));
  told = turns;
  const wasBusy = log.querySelector(".turn[data-writing]") !== null;
  turns.forEach((turn, at) => put(at, turn.html));
  while (log.children.length > turns.length) log.lastElementChild.remove();
  drawn.length = turns.length;
  const busy = turns.some((turn) => turn.busy);
  [...log.children].forEach((turn, at) => turn.toggleAttribute("data-writing", turns[at].busy));
  if (following) log.lastElementChild?.scrollIntoView({ block: "start" });
  log.querySelector("form.reason")?.scrollIntoView({ block: "nearest" });
  if (busy) return;
  if (wasBusy && turns.length) announce();
  keep(turns);
}

function announce() {
  const turn = log.lastElementChild;
  const said = [...turn.querySelectorAll(".answer .said, .verdict, .failed, .abstention .sentence")];
  status.textContent = said.map((part) => part.textContent).join(" ");
}

// Shows a question at once, before the server has heard of it; `at`: in place of that turn.
function ask(question, at = log.children.length) {
  pend(question, at, "Searching…");
  keep(told.slice(0, at), question);
}

function pend(question, at, step) {
  while (log.children.length > at) log.lastElementChild.remove();
  drawn.length = Math.min(drawn.length, at);
  const turn = document.createElement("section");
  turn.className = "turn";
  turn.setAttribute("data-writing", "");
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

for (const gesture of ["wheel", "touchmove", "pointerdown", "keydown"]) {
  document.addEventListener(gesture, (event) => {
    if (event.target.closest?.("#talk")) following = false;
  }, { passive: true });
}

// --- the keyboard's place

// What has the focus may be drawn anew, or go away as a stop button does: a keyboard would start
// from the top of the page. It goes on at the menu, in the box or at the tab instead.
let place = null; // what the keyboard has reached; null: a mouse or a finger leads

const seen = (node) => node?.isConnected && node.checkVisibility();

function keepPlace() {
  const lost = place && !seen(place);
  if (!lost || (document.activeElement !== place && document.activeElement !== document.body)) return;
  const menu = place.closest("details.menu")?.querySelector("summary");
  const box = document.querySelector("#box textarea");
  const tab = document.querySelector("#work [role=tab][aria-selected=true]");
  [menu, box, tab].find(seen)?.focus({ preventScroll: true });
}

document.addEventListener("focusin", ({ target }) => {
  place = target.matches(":focus-visible") ? target : null;
});
document.addEventListener("keydown", () => { place = document.activeElement; }, true);
document.addEventListener("pointerdown", () => { place = null; }, true);
new MutationObserver(keepPlace).observe(document.body, {
  attributeFilter: ["class", "hidden", "open", "style"], childList: true, subtree: true,
});

// --- a reload

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

// --- what is done with a turn

const numberOf = (node) => Number(node.closest(".turn")?.dataset.turn ?? 0);

function questionOf(turn) {
  const copy = turn.querySelector(".question").cloneNode(true);
  copy.querySelectorAll("br").forEach((line) => line.replaceWith("\n"));
  return copy.textContent.trim();
}

async function copy(button) {
  const text = button.closest(".turn").querySelector("pre.copied").textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch { // no clipboard without https beyond this machine
    const area = document.createElement("textarea");
    area.value = text;
    button.after(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  status.textContent = "Copied, with its sources";
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = "Copy"; }, 2000);
}

function edit(button) {
  const turn = button.closest(".turn");
  const asked = turn.querySelector(".asked");
  const form = document.createElement("form");
  form.className = "editing";
  form.innerHTML =
    "<textarea rows='2' maxlength='2000' aria-label='Edit the question'></textarea>" +
    "<div><button type='submit' class='tool'>Ask again</button>" +
    "<button type='button' class='tool' data-cancel>Cancel</button></div>";
  const area = form.querySelector("textarea");
  area.value = questionOf(turn);
  const leave = () => {
    form.remove();
    asked.hidden = false;
    asked.querySelector("button")?.focus();
  };
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leave();
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  form.querySelector("[data-cancel]").addEventListener("click", leave);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const question = area.value.trim();
    if (!question || busy()) return;
    const number = numberOf(turn);
    ask(question, number - 1);
    trigger("edit", { turn: number, question, typed: false });
  });
  asked.hidden = true;
  asked.before(form);
  area.focus();
}

const actions = {
  ask(button) {
    if (busy()) return;
    const question = button.textContent.trim();
    ask(question);
    trigger("submit", { question });
  },
  retry() {
    if (busy()) return;
    ask(questionOf(log.lastElementChild), log.children.length - 1);
    trigger("retry", {});
  },
  clear() {
    sessionStorage.removeItem(KEPT);
    trigger("clear", {});
  },
  edit(button) {
    if (!busy()) edit(button);
  },
  typed(button) {
    if (busy()) return;
    const [turn, question] = [numberOf(button), questionOf(button.closest(".turn"))];
    ask(question, turn - 1);
    trigger("edit", { turn, question, typed: true });
  },
  copy,
  export(button) {
    button.closest("details").open = false;
    trigger("export", { turn: numberOf(button), form: button.dataset.form });
  },
  rate(button) {
    trigger("rate", { turn: numberOf(button), verdict: button.dataset.verdict, reason: null });
  },
  reason(button) {
    const { verdict } = button.closest("form").dataset;
    trigger("rate", { turn: numberOf(button), verdict, reason: button.textContent });
  },
};

document.addEventListener("click", (event) => {
  const go = event.target.closest("[data-go]");
  if (go) document.getElementById(`${go.dataset.go}-button`)?.click();
  const button = event.target.closest("#talk [data-do]");
  if (button) actions[button.dataset.do](button);
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

element.addEventListener("submit", (event) => {
  const form = event.target.closest("form.reason");
  if (!form) return;
  event.preventDefault();
  const { verdict } = form.dataset;
  trigger("rate", { turn: numberOf(form), verdict, reason: form.querySelector("input").value });
});

// The box is gradio's: what it is about to send is shown before the server answers.
function sending() {
  const area = document.querySelector("#box textarea");
  const question = area?.value.trim();
  if (!question || busy()) return;
  ask(question);
  // The answer needs the room, and the chips say what the filters are. By the server's word they
  // would fold late, and fold what was opened again in the meantime.
  document.querySelector("#filters > button.open")?.click();
}
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    if (!event.target.matches?.("#box textarea")) return;
    if (busy()) {
      event.preventDefault();
      event.stopPropagation();
    } else sending();
  }
}, true);
document.addEventListener("click", (event) => {
  if (event.target.closest?.("#box .submit-button")) sending();
}, true);

// --- the card of a citation

const card = element.querySelector(".card-shown");
let shown = null; // the link whose card it is
let leaving = 0;

function peek(link) {
  const content = document.getElementById(link.getAttribute("aria-describedby"));
  if (!content) return;
  clearTimeout(leaving);
  shown = link;
  card.replaceChildren(...[...content.cloneNode(true).childNodes]);
  card.hidden = false;
  const gap = 8;
  const at = link.getBoundingClientRect();
  const { width, height } = card.getBoundingClientRect();
  const below = at.bottom + gap + height <= innerHeight;
  const left = Math.min(Math.max(gap, at.left - 12), innerWidth - width - gap);
  const top = below ? at.bottom + gap : Math.max(gap, at.top - gap - height);
  card.style.left = `${left}px`;
  card.style.top = `${top}px`;
}

function unpeek() {
  clearTimeout(leaving);
  shown = null;
  card.hidden = true;
}

const described = (node) => node.closest?.("a.cite[aria-describedby]");

document.addEventListener("pointerover", (event) => {
  if (event.pointerType !== "mouse") return;
  const link = described(event.target);
  if (link) peek(link);
  else if (card.contains(event.target)) clearTimeout(leaving);
  else if (shown && shown !== document.activeElement) {
    clearTimeout(leaving);
    leaving = setTimeout(unpeek, 200);
  }
});
document.addEventListener("focusin", (event) => {
  const link = described(event.target);
  if (link?.matches(":focus-visible")) peek(link);
  else if (shown) unpeek();
});
document.addEventListener("click", (event) => {
  if (described(event.target)) unpeek();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || card.hidden) return;
  unpeek();
  event.stopPropagation();
}, true);
document.addEventListener("scroll", () => { if (shown) unpeek(); }, true);

// gradio has words of its own for 503, and shows ours with 429.
if (!window.bylineFetch) {
  window.bylineFetch = window.fetch;
  window.fetch = async (...asked) => {
    const reply = await window.bylineFetch(...asked);
    if (reply.status !== 503 || !reply.url.includes("/queue/join")) return reply;
    return new Response(reply.body, { status: 429, headers: reply.headers });
  };
}

watch("value", draw);
document.addEventListener("byline:unanswered", draw);
draw();
recall();
