// Takes what the server hands over: a file to save, or the picture of a page of the open article.
// gradio gives it `props` and `watch`.

function save({ name, type, data }) {
  const link = document.createElement("a");
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  link.href = URL.createObjectURL(new Blob([bytes], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

function show({ article, page, html }) {
  const wanted = `[data-article="${CSS.escape(article)}"][data-page="${page}"]`;
  const button = document.querySelector(`#panel ${wanted}`);
  if (!button) return;
  const picture = button.closest(".card").querySelector(".page-image");
  picture.innerHTML = html;
  // Scrolled to what is marked on it, once it has its height.
  const drawn = picture.querySelector("img");
  drawn?.decode().finally(() => picture.querySelector(".page-mark")?.scrollIntoView({ block: "center" }));
  button.textContent = `Hide page ${page}`;
  button.removeAttribute("aria-busy");
}

watch("value", () => {
  const sent = props.value;
  if (sent?.kind === "file") save(sent);
  if (sent?.kind === "page") show(sent);
});
