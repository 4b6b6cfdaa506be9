// The keyboard's place: what has the focus may be drawn anew, or go away.

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
