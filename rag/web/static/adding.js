// The tab that adds articles: which files are sent, by which paths, and what is done with the report.
// gradio drops a file's folder, opens no folder that is dropped, and refuses a whole choice for one
// file that is too large. So the files of a drop or a choice are sorted here first, and handed to it
// as if they had been chosen. gradio gives this `element` (the report) and `trigger`.

const MOST = Number(document.querySelector("#add [data-most]")?.dataset.most ?? Infinity) * 1e6;
const handed = new WeakSet(); // events that are our own

// --- files in

function give(input, found) {
  const small = found.filter(({ file }) => file.size <= MOST);
  const large = found.filter(({ file }) => file.size > MOST).map(({ path }) => path);
  window.bylineUpload = JSON.stringify({ paths: small.map(({ path }) => path), large });
  if (!small.length) {
    if (large.length) trigger("refused", { told: window.bylineUpload });
    return;
  }
  const files = new DataTransfer();
  small.forEach(({ file }) => files.items.add(file));
  input.files = files.files;
  const event = new Event("change", { bubbles: true });
  handed.add(event);
  input.dispatchEvent(event);
}

document.addEventListener("change", (event) => {
  const input = event.target;
  if (handed.has(event) || !input.matches?.("#drops input[type=file]")) return;
  event.stopPropagation();
  give(input, [...input.files].map((file) => ({ file, path: file.webkitRelativePath || file.name })));
}, true);

// The files of what was dropped, with all that lies in dropped folders.
async function walked(entry) {
  if (entry.isFile) {
    const file = await new Promise((found, failed) => { entry.file(found, failed); });
    return [{ file, path: entry.fullPath.replace(/^\//, "") }];
  }
  const reader = entry.createReader();
  const found = [];
  for (;;) { // a hundred at a time
    const some = await new Promise((read, failed) => { reader.readEntries(read, failed); });
    if (!some.length) return found;
    for (const inner of some) found.push(...await walked(inner));
  }
}

document.addEventListener("drop", async (event) => {
  const zone = event.target.closest?.("#drops .block");
  if (!zone || !event.dataTransfer?.items.length) return;
  event.preventDefault();
  event.stopPropagation();
  const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
  zone.querySelector("button")?.dispatchEvent(new DragEvent("dragleave"));
  const found = [];
  for (const entry of entries) found.push(...await walked(entry));
  const input = zone.querySelector("input[type=file]");
  if (input && found.length) give(input, found);
}, true);

// --- the report

document.addEventListener("click", (event) => {
  const { about } = event.target.closest?.("button[data-about]")?.dataset ?? {};
  if (about === undefined) return;
  document.querySelector("#ask-button")?.click();
  const detail = { question: `Summarise “${about}”` };
  document.dispatchEvent(new CustomEvent("byline:ask", { detail }));
});

element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-dismiss]");
  if (!button) return;
  const line = button.closest("li");
  const near = line.nextElementSibling ?? line.previousElementSibling;
  if (button.dataset.dismiss) trigger("dismissed", { kept: button.dataset.dismiss });
  line.remove();
  if (!near) element.querySelector(".uploads")?.parentElement.replaceChildren();
  (near?.querySelector("a, button") ?? document.querySelector("#drops button"))?.focus();
});
