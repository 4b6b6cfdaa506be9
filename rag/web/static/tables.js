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

element.addEventListener("keydown", (event) => {
  const bar = event.target.closest("[role=button][data-act]");
  if (bar && (event.key === "Enter" || event.key === " ")) {
    event.preventDefault();
    act(bar);
  }
  if (event.key === "Escape" && event.target.closest(".sure")) ask(event.target.closest(".do"), false);
});

watch("value", () => {
  element.removeAttribute("data-busy");
  if (!pressed) return;
  const { act: name, value } = pressed;
  pressed = null;
  const again = [...element.querySelectorAll("[data-act]")].find(
    (button) => button.dataset.act === name && (button.dataset.value ?? "") === (value ?? ""),
  );
  (again && !again.disabled ? again : element.querySelector(".steps button:not(:disabled)"))?.focus();
});
