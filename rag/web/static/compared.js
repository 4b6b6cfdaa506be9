// The table of Compare: once it has come, its first words open beside it. gradio gives it `element`
// and `watch`.

watch("value", () => {
  if (element.querySelector(".waiting")) {
    document.querySelector("#compare-filters > button.open")?.click(); // the chips say what is set
    return;
  }
  const links = [...element.querySelectorAll("a.said")].map((link) => link.hash.slice(1));
  document.dispatchEvent(new CustomEvent("byline:answered", { detail: { of: "compare", links } }));
});
