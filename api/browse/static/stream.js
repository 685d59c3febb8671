// Reads streams of server-sent events. It is loaded by pages, and as a shared worker: then it reads the events of the server
// once for all pages of this browser, which may hold only a few connections to one server.
"use strict";

// readStream reads a stream until it is closed, and comes back when it breaks off. A stream that is silent for longer than
// its comments allow counts as broken, so that nobody takes silence for peace. on has open, event, lost and gone (the server
// says that there is nothing to read).
self.readStream = (url, on, resume) => {
  const silence = 40000, longest = 30000, most = 4 << 20;
  let closed = false, id = "", wait = 1000, timer = 0, watch = 0, control = null;

  const line = (event, text) => {
    const colon = text.indexOf(":");
    const name = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? "" : text.slice(colon + 1).replace(/^ /, "");
    if (name === "event") event.type = value;
    else if (name === "data") event.data.push(value);
    else if (name === "id") id = value;
  };

  const read = async () => {
    control = new AbortController();
    const heard = () => { clearTimeout(watch); watch = setTimeout(() => control.abort(), silence); };
    heard();
    const headers = { Accept: "text/event-stream" };
    if (resume && id) headers["Last-Event-ID"] = id;
    const answer = await fetch(url, { headers, signal: control.signal, cache: "no-store" });
    if (answer.status >= 400 && answer.status < 500 && answer.status !== 429) {
      closed = true;
      clearTimeout(watch);
      on.gone(answer.status);
      return;
    }
    if (!answer.ok) {
      wait = Math.max(wait, 1000 * (parseInt(answer.headers.get("Retry-After"), 10) || 0));
      return;
    }
    on.open();
    wait = 1000;
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "", event = { type: "message", data: [] };
    for (;;) {
      const { value, done } = await reader.read();
      if (done || closed) return;
      heard();
      rest += value;
      if (rest.length > most) throw new Error("a line without an end");
      const lines = rest.split(/\r?\n/);
      rest = lines.pop();
      for (const text of lines) {
        if (text !== "") { if (text[0] !== ":") line(event, text); continue; }
        if (event.data.length) on.event(event.type, event.data.join("\n"));
        if (closed) return;
        event = { type: "message", data: [] };
      }
    }
  };

  const run = async () => {
    try { await read(); } catch { /* it broke off, which is told below */ }
    clearTimeout(watch);
    if (closed) return;
    control.abort();
    on.lost();
    timer = setTimeout(run, wait * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, longest);
  };
  run();
  return {
    close() { closed = true; clearTimeout(timer); clearTimeout(watch); if (control) control.abort(); },
    // now tries again without waiting.
    now() { if (!closed && timer) { clearTimeout(timer); timer = 0; wait = 1000; run(); } },
  };
};

if (typeof SharedWorkerGlobalScope !== "undefined" && self instanceof SharedWorkerGlobalScope) {
  const ports = new Map(); // to when they were last heard of
  const patience = 10 * 60 * 1000;
  const root = self.location.pathname.replace(/\/browse\/static\/[^/]*$/, "");
  let stream = null, state = "wait";

  const tell = (message) => { for (const port of ports.keys()) port.postMessage(message); };
  const become = (next) => { if (state !== next) { state = next; tell({ state }); } };
  const check = () => {
    if (ports.size && !stream) {
      state = "wait";
      stream = self.readStream(root + "/api/events", {
        open: () => become("open"),
        lost: () => become("lost"),
        gone: () => { stream = null; become("gone"); },
        event: (type, data) => tell({ type, data }),
      }, true);
    } else if (!ports.size && stream) {
      stream.close();
      stream = null;
    }
  };
  self.onconnect = (connected) => {
    const port = connected.ports[0];
    port.onmessage = (message) => {
      if (message.data === "bye") {
        ports.delete(port);
      } else {
        const known = ports.has(port);
        ports.set(port, Date.now());
        if (!known) port.postMessage({ state, missed: true });
        if (message.data === "now" && stream) stream.now();
      }
      check();
    };
    port.start();
  };
  setInterval(() => { // pages that ended without a word
    const now = Date.now();
    for (const [port, heard] of ports) if (now - heard > patience) ports.delete(port);
    check();
  }, 60000);
}
