// Opens sources beside the chat. Runs inside the source panel: gradio gives it `element` (the
// panel), `trigger` (an event for Python) and `watch` (called after the panel shows a new value).

const LINKS = 'a[href^="#cite-"], a[href^="#hit-"], a[href^="#article-"]';
let opener = null; // the link that opened the panel, which gets the focus back

function mark(link) {
  document.querySelectorAll(".is-open").forEach((old) => old.classList.remove("is-open"));
  link?.classList.add("is-open");
}

function reveal() {
  const panel = element.closest("#panel");
  const source = element.querySelector(".source");
  panel.toggleAttribute("data-open", source !== null);
  panel.scrollTop = 0;
  const cited = source?.querySelector("mark.cited");
  // Words that can be seen together with the headline are left where they are.
  const last = source && [...source.querySelectorAll("mark.cited")].pop();
  const fold = panel.getBoundingClientRect().bottom - 48;
  if (last && last.getBoundingClientRect().bottom > fold) cited.scrollIntoView({ block: "center" });
  (cited ?? source?.querySelector("h2"))?.focus({ preventScroll: true });
}

function close() {
  element.closest("#panel").removeAttribute("data-open");
  opener?.focus();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("#panel .close")) return close();
  const link = event.target.closest(LINKS);
  if (!link) return undefined;
  event.preventDefault();
  const target = link.hash.slice(1);
  if (!element.contains(link)) {
    opener = link;
    mark(link);
  }
  // Asked again for what is open already, the server's answer changes nothing and `watch` is silent.
  if (element.querySelector(".source")?.dataset.target === target) reveal();
  trigger("select", { link: target });
  return undefined;
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && element.contains(document.activeElement)) close();
});

watch("value", reveal);

// The chat shows a new question at the top, with its answer growing below, until the reader scrolls.
// And gradio's labels of messages, which hold raw HTML, are no use to a screen reader.
let asked = 0;
let following = false;

function settle(changes) {
  const chat = document.getElementById("chat");
  if (!chat || !changes.some((change) => chat.contains(change.target))) return;
  for (const message of chat.querySelectorAll("[data-testid][aria-label]")) {
    message.removeAttribute("aria-label");
  }
  const questions = chat.querySelectorAll(".question");
  if (questions.length > asked) following = true;
  asked = questions.length;
  if (following) questions[asked - 1]?.scrollIntoView({ block: "start" });
}

for (const gesture of ["wheel", "touchmove", "pointerdown", "keydown"]) {
  document.addEventListener(gesture, (event) => {
    if (event.target.closest?.("#chat")) following = false;
  }, { passive: true });
}
new MutationObserver(settle).observe(document.body, { childList: true, subtree: true });
