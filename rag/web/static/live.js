// Whether the server answers, in words; and what of the page shows the index, shown anew when that
// has changed. connection.html says when. gradio gives this `element` and `trigger`.

const said = element.querySelector(".connection");
const WORDS = {
  gone: "Byline does not answer at the moment.",
  away: "You are signed out here. Load the page again to sign in.",
  recalled: "",
};

for (const [event, words] of Object.entries(WORDS)) {
  document.addEventListener(`byline:${event}`, () => { said.textContent = words; });
}
if (document.documentElement.hasAttribute("data-gone")) said.textContent = WORDS.gone;

document.addEventListener("byline:changed", () => {
  trigger("changed", {});
  if (document.querySelector("#sources-table")?.checkVisibility()) trigger("listed", {});
});
