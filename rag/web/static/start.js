// The start. gradio gives it `element` and `trigger` (an event for Python). While questions are being
// tried on the articles, it asks for them now and then, as long as somebody looks at it.

const PAUSE = 2000; // milliseconds

setInterval(() => {
  const looking = element.querySelector("[data-looking]");
  if (looking?.checkVisibility() && !document.hidden) trigger("look", {});
}, PAUSE);
