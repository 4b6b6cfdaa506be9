// While a question waits: how long, behind whom.

// Who waits for others is told so, as long as the server has not begun with the question.
setInterval(async () => {
  const waiting = log.querySelector(".turn[data-writing]:not([data-turn]) .waiting span");
  if (!waiting || !started || Date.now() - started < 1500) return;
  try {
    const { ahead } = await (await fetch("ahead")).json();
    if (!waiting.isConnected) return;
    const people = ahead === 1 ? "1 person is" : `${ahead} people are`;
    waiting.textContent = ahead ? `${people} ahead of you.` : "Searching…";
  } catch { // the next look may find the server
  }
}, 2000);

setInterval(() => {
  const clock = log.querySelector(".waiting .clock");
  const seconds = Math.floor((Date.now() - started) / 1000);
  if (clock && started && seconds > 2) clock.textContent = ` ${seconds} s`;
}, 1000);

// gradio has words of its own for 503, and shows ours with 429.
if (!window.bylineFetch) {
  window.bylineFetch = window.fetch;
  window.fetch = async (...asked) => {
    const reply = await window.bylineFetch(...asked);
    if (reply.status !== 503 || !reply.url.includes("/queue/join")) return reply;
    return new Response(reply.body, { status: 429, headers: reply.headers });
  };
}
