// The card that pointing at a citation shows.

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
