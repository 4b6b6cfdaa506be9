// Shows the questions that were picked; a link to one (#q-…) opens it.
const form = document.getElementById("pick");
const rows = [...document.querySelectorAll(".q")];

function pick() {
  const { verdict, type, words } = Object.fromEntries(new FormData(form));
  const wanted = words.trim().toLowerCase();
  let shown = 0;
  for (const row of rows) {
    const { verdict: is, reason, type: kind } = row.dataset;
    const fits = (!verdict || verdict === is || verdict === reason) && (!type || type === kind)
      && (!wanted || row.textContent.toLowerCase().includes(wanted));
    row.hidden = !fits;
    shown += fits;
  }
  form.querySelector("output").value = `${shown} shown`;
}

function open() {
  const row = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (row) { row.open = true; row.scrollIntoView(); }
}

form.addEventListener("input", pick);
form.addEventListener("submit", (event) => event.preventDefault());
addEventListener("hashchange", open);
addEventListener("beforeprint", () => rows.forEach((row) => { row.open = true; }));
open();
