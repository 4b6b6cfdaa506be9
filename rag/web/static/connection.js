// The connection to the server, in the page's head: before gradio makes its first request. It tells
// the page (as events of the document) when the server is gone, when it is back, and when the index
// changed. While it is gone, whatever gradio has under way ends for it without a word of its own:
// gradio would show an error and load the page again.
//
// byline:gone      the server does not answer; <html data-gone> until it does again
// byline:back      it answers: what it has forgotten can be told to it, by an event with `kept`
// byline:recalled  (from Python) it knows again; <html data-gone> goes
// byline:changed   the index is not what it was
// byline:away      nobody is signed in any more

(() => {
  const PACE = 3000; // milliseconds between two looks at the server
  const PATIENCE = 10000; // milliseconds that an answer may take
  const PROXIES = [502, 504]; // what stands in front of a server says so
  const SILENT = 60000; // milliseconds; a heartbeat comes every fifteen seconds
  const LAST = '"close_stream"'; // the message with which the server ends a stream
  const ENDED = 50; // events of gradio that may be under way at once
  const plain = window.fetch.bind(window);
  const root = document.documentElement;
  const tell = (name) => document.dispatchEvent(new Event(`byline:${name}`));
  const wait = (time) => new Promise((resolve) => { setTimeout(resolve, time); });

  let gone = false;
  let returning = false; // it answers again, and is being told what it has forgotten
  let leaving = false; // the page is being left: its requests end, and nothing is wrong
  let known = null; // what the server said of itself last
  let missed = 0; // looks in a row that took too long
  let joined = []; // gradio's newest events, by their ids
  let streamed = null; // ends the stream of their answers, while there is one
  let quieted = 0;

  const isGone = (reply) => PROXIES.includes(reply.status) ||
    (reply.status === 503 && !(reply.headers.get("content-type") ?? "").includes("json"));

  // --- gone and back

  function lost() {
    returning = false;
    if (gone || leaving) return;
    gone = true;
    root.toggleAttribute("data-gone", true);
    tell("gone");
    streamed?.();
  }

  async function look() {
    let reply;
    try {
      reply = await plain("state", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
      missed = 0;
    } catch (error) { // one late answer is a busy server's
      missed += 1;
      if (error.name !== "TimeoutError" || missed > 1) lost();
      return;
    }
    if (isGone(reply)) return lost();
    if (reply.status === 401) return gone ? location.reload() : tell("away");
    if (reply.ok) learn(await reply.json());
  }

  function learn(said) {
    const before = known ?? said;
    known = said;
    if (said.server !== before.server) lost(); // it went and came between two looks
    if (gone && said.page !== before.page) return location.reload();
    if (gone && !returning) {
      returning = true;
      tell("back");
    }
    if (said.state !== before.state) tell("changed");
  }

  document.addEventListener("byline:recalled", () => {
    returning = gone = false;
    root.removeAttribute("data-gone");
  });
  document.addEventListener("byline:unanswered", () => { returning = false; });

  let looking = false;
  async function keepLooking() {
    if (looking || leaving) return;
    looking = true;
    const began = Date.now();
    await look().catch(console.warn);
    // A slow server is asked less often.
    const pause = Math.max(gone ? PACE / 3 : PACE, Date.now() - began);
    looking = false;
    clearTimeout(keepLooking.next);
    keepLooking.next = setTimeout(() => { if (gone || !document.hidden) keepLooking(); }, pause);
  }

  document.addEventListener("visibilitychange", () => { if (!document.hidden) keepLooking(); });
  for (const event of ["beforeunload", "pagehide"]) {
    addEventListener(event, () => { leaving = true; });
  }
  addEventListener("pageshow", () => { leaving = false; });

  // --- what gradio asks for

  // An event that ends at once, without a word: what asked for it hears that it failed.
  function quiet() {
    quieted += 1;
    const id = `gone-${quieted}`;
    joined = [...joined, id].slice(-ENDED);
    setTimeout(() => streamed?.());
    return Response.json({ event_id: id });
  }

  async function join(asked) {
    const recalls = (await asked.clone().json()).event_data?.kept !== undefined;
    if (gone && !(returning && recalls)) return quiet();
    let reply;
    try {
      reply = await plain(asked);
    } catch {
      lost();
      return quiet();
    }
    if (isGone(reply)) {
      lost();
      return quiet();
    }
    // gradio has words of its own for 503, and shows ours with 429.
    if (reply.status === 503) return new Response(reply.body, { status: 429, headers: reply.headers });
    if (reply.ok) joined = [...joined, (await reply.clone().json()).event_id].slice(-ENDED);
    return reply;
  }

  // The stream of all answers. Where it breaks off, each event on it ends as one that failed.
  async function answers(asked) {
    let reply = null;
    if (!gone || returning) {
      reply = await plain(asked).catch(() => null);
      if (!reply || isGone(reply)) lost();
      else if (!reply.ok) return reply;
    }
    const body = new ReadableStream({
      async start(controller) {
        const end = () => {
          if (streamed !== end) return;
          streamed = null;
          controller.enqueue(new TextEncoder().encode(endings()));
          controller.close();
        };
        streamed = end;
        const text = new TextDecoder();
        let tail = "";
        await passOn(reply?.ok ? reply.body : null, (chunk) => {
          tail = tail.slice(-LAST.length) + text.decode(chunk, { stream: true });
          if (streamed === end) controller.enqueue(chunk);
        }, asked.signal);
        if (asked.signal.aborted || tail.includes(LAST)) {
          if (streamed === end) streamed = null;
        } else {
          if (reply?.ok) lost();
          end();
        }
      },
    });
    return new Response(body, { headers: { "Content-Type": "text/event-stream" } });
  }

  function endings() {
    const failed = (id) => ({
      msg: "process_completed", event_id: id, success: false, output: { error: "", visible: false },
    });
    const messages = [...joined.map(failed), { msg: "close_stream", event_id: null }];
    joined = [];
    return messages.map((message) => `data: ${JSON.stringify(message)}\n\n`).join("");
  }

  async function passOn(body, give, signal) {
    const reader = body?.getReader();
    try {
      for (let read = await reader?.read(); read && !read.done; read = await reader.read()) {
        give(read.value);
      }
    } catch (error) {
      if (!signal.aborted) console.warn(error);
    }
  }

  // By this stream the server knows that the page is open, and the page that the server is there.
  // After a long silence (a laptop that slept) the server may have forgotten the page.
  async function heartbeat(asked) {
    const body = new ReadableStream({
      async start(controller) {
        while (!asked.signal.aborted && !leaving) {
          const reply = gone ? null : await plain(asked.clone()).catch(() => null);
          let heard = Date.now();
          await passOn(reply?.ok ? reply.body : null, (chunk) => {
            heard = Date.now();
            controller.enqueue(chunk);
          }, asked.signal);
          if (reply?.ok && Date.now() - heard > SILENT) lost();
          keepLooking();
          await wait(PACE / 3);
        }
      },
    });
    return new Response(body, { headers: { "Content-Type": "text/event-stream" } });
  }

  const WAYS = [[/\/queue\/join$/, join], [/\/queue\/data$/, answers], [/\/heartbeat\/\w+$/, heartbeat]];

  window.fetch = (asked, options) => {
    const { pathname } = new URL(asked.url ?? asked, location.href);
    const [, way] = WAYS.find(([path]) => path.test(pathname)) ?? [];
    return way ? way(new Request(asked, options)) : plain(asked, options);
  };

  keepLooking();
})();
