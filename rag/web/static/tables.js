// Tables whose heads, bars and buttons do something. Runs inside each of them: gradio gives it
// `element` (the part), `trigger` (an event for Python) and `watch` (called after a new value).
// "select" only shows something else; "submit" changes the index.

const CHANGES = ["remove", "again", "retry", "back", "dismiss", "ingest"];
let pressed = null; // what the keyboard was on before Python wrote the part anew

function act(button) {
  pressed = { act: button.dataset.act, value: button.dataset.value };
  const changes = CHANGES.includes(button.dataset.act);
  if (changes) element.toggleAttribute("data-busy", true);
  trigger(changes ? "submit" : "select", { act: button.dataset.act, value: button.dataset.value ?? "" });
}

function ask(cell, asking) {
  cell.querySelector(".sure").hidden = !asking;
  cell.querySelectorAll(":scope > button").forEach((button) => { button.hidden = asking; });
  cell.querySelector(asking ? "[data-keep]" : "[data-ask]").focus();
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act], [data-ask], [data-keep]");
  if (!button) return;
  if (button.dataset.act !== undefined) act(button);
  else ask(button.closest(".do"), button.dataset.ask !== undefined);
});

element.addEventListener("change", (event) => {
  const { target } = event;
  if (!target.matches("[data-order]")) return;
  pressed = { order: true };
  trigger("select", { act: "order", value: target.value });
});

// A moment by the reader's clock; the server wrote it by its own.
function tellTimes() {
  for (const time of element.querySelectorAll("time[data-moment]")) {
    const at = new Date(time.dateTime);
    const day = at.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
    const hour = at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    time.textContent = `${day}, ${hour}`;
  }
}

element.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.closest(".sure")) ask(event.target.closest(".do"), false);
});

// A chart wider than the page begins with its newest months, and stays where it was moved to.
let moved = null;
element.addEventListener("scroll", ({ target }) => {
  if (target.matches?.(".bars")) moved = target.scrollLeft;
}, true);
function place() {
  const bars = element.querySelector(".bars");
  if (bars) bars.scrollLeft = moved ?? bars.scrollWidth;
}

watch("value", () => {
  element.removeAttribute("data-busy");
  tellTimes();
  place();
  if (!pressed) return;
  const { act: name, value, order } = pressed;
  pressed = null;
  if (order) {
    element.querySelector("[data-order]")?.focus();
    return;
  }
  const again = [...element.querySelectorAll("[data-act]")].find(
    (button) => button.dataset.act === name && (button.dataset.value ?? "") === (value ?? ""),
  );
  (again && !again.disabled ? again : element.querySelector(".steps button:not(:disabled)"))?.focus();
});
