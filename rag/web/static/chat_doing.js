// What is done with a turn: copied, edited, saved, judged; and what the box sends.

const numberOf = (node) => Number(node.closest(".turn")?.dataset.turn ?? 0);

function questionOf(turn) {
  const copy = turn.querySelector(".question").cloneNode(true);
  copy.querySelectorAll("br").forEach((line) => line.replaceWith("\n"));
  return copy.textContent.trim();
}

// A word processor or a mail takes the text with raised numbers and links, any other the plain one.
async function copy(button) {
  const held = [...button.closest(".turn").querySelectorAll("pre.copied")];
  const here = (text) => text.replaceAll("https://byline.invalid", location.origin); // see clipboard.py
  const forms = Object.fromEntries(held.map((pre) => [pre.dataset.type, here(pre.textContent)]));
  try {
    const blobs = Object.entries(forms).map(([type, text]) => [type, new Blob([text], { type })]);
    await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
  } catch { // no clipboard without https beyond this machine
    const area = document.createElement("textarea"); // some browsers copy only what is selected
    area.value = forms["text/plain"];
    button.after(area);
    area.select();
    document.addEventListener("copy", (event) => {
      Object.entries(forms).forEach(([type, text]) => event.clipboardData.setData(type, text));
      event.preventDefault();
    }, { once: true });
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
    told.forEach((turn) => over.add(turn.id)); // what is still sent of them comes too late
    trigger("clear", {});
  },
  edit(button) {
    if (!busy()) edit(button);
  },
  typed(button) {
    if (busy()) return;
    const [turn, question] = [numberOf(button), questionOf(button.closest(".turn"))];
    ask(question, turn - 1, true);
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

element.addEventListener("toggle", ({ target }) => {
  if (target.open && target.matches(".menu")) {
    target.querySelector("div").scrollIntoView({ block: "nearest" });
  }
}, true);

element.addEventListener("submit", (event) => {
  const form = event.target.closest("form.reason");
  if (!form) return;
  event.preventDefault();
  const { verdict } = form.dataset;
  trigger("rate", { turn: numberOf(form), verdict, reason: form.querySelector("input").value });
});

// Asked from elsewhere on the page; while another is under way it waits in the box.
document.addEventListener("byline:ask", ({ detail: { question } }) => {
  if (!busy()) {
    ask(question);
    trigger("submit", { question });
    return;
  }
  fill(question);
});

function fill(text) {
  const area = document.querySelector("#box textarea");
  area.value = text;
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

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
  if (!event.target.closest?.("#box .submit-button")) return;
  if (busy()) event.stopPropagation();
  else sending();
}, true);

// The server has taken the question: it leaves the box, unless the next one stands there already.
function taken() {
  if (document.querySelector("#box textarea").value.trim() === asking.question) fill("");
  asking.taken = true;
}
