// The chips of the filters: a click takes one away. gradio gives it `element` and `trigger`.

element.addEventListener("click", (event) => {
  const chip = event.target.closest("button.filter");
  if (!chip) return;
  trigger("drop", { field: Number(chip.dataset.field), value: chip.dataset.value });
  element.closest("[role=tabpanel]").querySelector("[id$=filters] > button")?.focus();
});
