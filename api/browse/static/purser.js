// Adds life to the pages: times in the reader's zone, copying, and what happens while a page is open. Without it the pages
// work as well.
"use strict";
(() => {
  const root = document.body.dataset.root;
  const $ = (id) => document.getElementById(id);
  const skew = Date.parse(document.body.dataset.now) - Date.now(); // the server's clock counts

  // Times
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });
  const short = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
  const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
  const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
  const ago = (when) => {
    const seconds = Math.round((when - Date.now() - skew) / 1000), size = Math.abs(seconds);
    if (size < 60) return relative.format(seconds, "second");
    if (size < 3600) return relative.format(Math.trunc(seconds / 60), "minute");
    if (size < 86400) return relative.format(Math.trunc(seconds / 3600), "hour");
    return short.format(when);
  };
  const times = (within) => {
    for (const time of within.querySelectorAll("time[datetime]")) {
      const when = new Date(time.dateTime);
      if (isNaN(when)) continue;
      const text = ago(when);
      if (time.textContent !== text) time.textContent = text;
      if (!time.dataset.zoned) {
        time.dataset.zoned = "yes";
        time.title = exact.format(when) + " (" + time.title + ")";
      }
    }
  };

  // What was printed somewhere is shown as the pages show it: signs in place of what cannot be seen.
  const hidden = /[\u0080-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]/g;
  const inert = (text) => text.replace(/\r\n/g, "\n").replace(/[\u0000-\u0008\u000b-\u001f]/g, (c) => String.fromCharCode(0x2400 + c.charCodeAt(0)))
    .replace(/\u007f/g, "\u2421").replace(hidden, (c) => "\u27e8U+" + c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0") + "\u27e9");

  // Copying
  const copying = (within) => {
    for (const button of within.querySelectorAll("[data-copy]")) {
      button.hidden = false;
      button.onclick = async () => {
        const pre = button.parentElement.querySelector("pre");
        try {
          await navigator.clipboard.writeText(pre.textContent);
        } catch { // only over HTTPS and on the own machine there is a clipboard
          const range = document.createRange();
          range.selectNodeContents(pre);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
          document.execCommand("copy");
        }
        button.textContent = "Copied";
        setTimeout(() => { button.textContent = "Copy"; }, 1500);
      };
    }
  };

  // A form is sent once.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    setTimeout(() => { for (const button of form.querySelectorAll("button")) button.disabled = true; });
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) for (const button of document.querySelectorAll("form button")) button.disabled = false;
  });

  const enhance = (within) => { times(within); copying(within); };

  // The connection to what happens
  const listeners = [];
  let state = "wait", stop = null;
  const receive = (message) => { for (const listen of listeners) listen(message); };
  const direct = () => {
    let stream = null;
    const open = () => {
      if (stream) return;
      stream = readStream(root + "/api/events", {
        open: () => receive({ state: "open" }), lost: () => receive({ state: "lost" }), gone: () => receive({ state: "gone" }),
        event: (type, data) => receive({ type, data }),
      }, true);
    };
    const close = () => { if (stream) stream.close(); stream = null; };
    document.addEventListener("visibilitychange", () => { if (document.hidden) close(); else open(); });
    if (!document.hidden) open();
    return { close, ping: open };
  };
  const shared = () => {
    const worker = new SharedWorker(document.body.dataset.worker, { name: "purser" });
    const port = worker.port;
    const ping = () => port.postMessage(document.hidden ? "here" : "now");
    const timer = setInterval(ping, 60000);
    worker.onerror = () => { clearInterval(timer); stop = direct(); };
    port.onmessage = (message) => receive(message.data);
    ping();
    return { close() { clearInterval(timer); port.postMessage("bye"); }, ping };
  };
  const connect = () => {
    if (stop) return;
    try { stop = typeof SharedWorker === "undefined" ? direct() : shared(); } catch { stop = direct(); }
  };
  addEventListener("pagehide", () => { if (stop) stop.close(); stop = null; });
  addEventListener("pageshow", (event) => { if (event.persisted && listeners.length) connect(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && stop) stop.ping(); });
  addEventListener("online", () => { if (stop) stop.ping(); });

  // What the reader is told about the connection
  let since = null, alarm = 0;
  const tellState = () => {
    const live = $("live"), banner = $("link-state");
    if (live) live.hidden = state !== "open";
    clearTimeout(alarm);
    if (state === "open") {
      banner.hidden = true;
      document.body.classList.remove("stale");
      return;
    }
    alarm = setTimeout(() => {
      banner.textContent = state === "gone"
        ? "The server does not tell this page what happens. Load it again to see how things are."
        : "The connection was lost at " + clock.format(since) + ". What stands here may be out of date; trying to get it back.";
      banner.hidden = false;
      document.body.classList.add("stale");
    }, 2000);
  };
  listeners.push((message) => {
    if (!message.state || message.state === state) return;
    if (message.state !== "open" && (state === "open" || since === null)) since = new Date();
    state = message.state;
    tellState();
  });

  // Parts of the page that follow what happens: the page is fetched again, and what differs is put in its place.
  const parts = () => document.querySelectorAll("[data-live-part][id]");
  const served = new Map();
  for (const part of parts()) served.set(part.id, part.innerHTML);
  const live = document.body.dataset.live;
  let dirty = false, fetching = false, timer = 0, last = 0;

  const put = (part, html) => {
    const open = [...part.querySelectorAll("details[open][id]")].map((d) => d.id);
    const scrolls = [...part.querySelectorAll(".code, .scroll")].map((e) => [e.scrollTop, e.scrollLeft]);
    const held = document.activeElement;
    const at = held && part.contains(held) ? [...part.querySelectorAll("a, button, summary, [tabindex]")].indexOf(held) : -1;
    part.replaceChildren(...html.childNodes);
    for (const id of open) { const d = $(id); if (d) d.open = true; }
    part.querySelectorAll(".code, .scroll").forEach((e, i) => { if (scrolls[i]) [e.scrollTop, e.scrollLeft] = scrolls[i]; });
    if (at >= 0) {
      const again = part.querySelectorAll("a, button, summary, [tabindex]")[at];
      if (again) again.focus({ preventScroll: true });
    }
    enhance(part);
  };
  const refresh = async () => {
    fetching = true;
    dirty = false;
    last = Date.now();
    try {
      const answer = await fetch(location.href.split("#")[0], { headers: { Accept: "text/html" }, cache: "no-store", signal: AbortSignal.timeout(20000) });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const before = $("status") && $("status").textContent;
      for (const part of parts()) {
        const next = fresh.getElementById(part.id);
        if (!next) continue;
        const html = next.innerHTML;
        if (served.get(part.id) === html) continue;
        served.set(part.id, html);
        put(part, next);
      }
      const after = $("status") && $("status").textContent;
      if (after && before !== after) {
        $("said").textContent = document.title.split(" · ")[0] + ": " + after;
        $("status").classList.add("fresh");
      }
    } catch { // the server is not there; the connection tells when it is back, and the page is fetched then
      if (state === "open") dirty = true;
    }
    fetching = false;
    if (dirty) soon();
  };
  const soon = () => {
    dirty = true;
    if (fetching || timer || document.hidden) return;
    timer = setTimeout(() => { timer = 0; if (dirty && !fetching) refresh(); }, Math.max(200, 1000 - (Date.now() - last)));
  };
  if (live !== undefined) {
    listeners.push((message) => {
      if (message.state === "open" || message.missed || message.type === "reset") { soon(); return; }
      if (!message.data) return;
      let event;
      try { event = JSON.parse(message.data); } catch { return; }
      if (live === "*" || event.name === document.body.dataset.name) soon();
    });
    document.addEventListener("visibilitychange", () => { if (!document.hidden && dirty) soon(); });
  }

  // The page of events
  const log = $("event-log");
  if (log) {
    listeners.push((message) => {
      if (!message.data) return;
      let event;
      try { event = JSON.parse(message.data); } catch { return; }
      const row = log.tBodies[0].insertRow(0);
      const time = document.createElement("time");
      time.dateTime = event.at || new Date().toISOString();
      time.title = time.dateTime;
      row.insertCell().append(time);
      row.insertCell().textContent = event.kind || message.type;
      const where = row.insertCell();
      if (event.name) {
        const link = document.createElement("a");
        link.href = root + "/api/release/status/" + encodeURIComponent(event.name);
        link.textContent = inert(event.name) + " v" + event.version;
        where.append(link);
      }
      const operation = event.operation || {};
      const words = [operation.kind, operation.phase, operation.outcome, event.application, event.state, event.stage, event.detail];
      row.insertCell().textContent = inert(words.filter(Boolean).join(" · ")).slice(0, 500);
      while (log.tBodies[0].rows.length > 200) log.tBodies[0].deleteRow(-1);
      $("event-none").hidden = true;
      times(row);
    });
  }

  // Logs, as they are printed
  const logs = $("logs");
  if (logs && logs.dataset.follow) {
    const most = 256 << 10, nodes = 500, blocks = 40; // what a page holds of each instance, and of how many
    const text = $("log-text"), button = $("follow"), said = $("follow-state");
    let stream = null, wanted = false, found = new Map();
    const block = (line) => {
      const key = line.deploymentId + "/" + line.instance + "/" + line.stream;
      let one = found.get(key);
      if (!one) {
        if (found.size >= blocks) {
          const [oldest, gone] = found.entries().next().value;
          gone.node.remove();
          found.delete(oldest);
        }
        const node = document.createElement("div");
        node.className = "log";
        const head = document.createElement("h3");
        for (const [tag, content, name] of [["span", line.application], ["code", line.instance], ["span", line.stream, "tag"]]) {
          const e = document.createElement(tag);
          e.textContent = inert(String(content)).slice(0, 300);
          if (name) e.className = name;
          head.append(e, " ");
        }
        const box = document.createElement("div"), pre = document.createElement("pre"), code = document.createElement("code");
        box.className = "code";
        box.tabIndex = 0;
        box.setAttribute("role", "region");
        box.setAttribute("aria-label", inert(key).slice(0, 300));
        pre.append(code);
        box.append(pre);
        node.append(head, box);
        text.append(node);
        one = { node, box, code, size: 0 };
        found.set(key, one);
      }
      return one;
    };
    const pending = new Map();
    let writing = 0, written = 0;
    const write = () => { // what came meanwhile, at once: an application may print faster than a page is drawn
      writing = 0;
      written = Date.now();
      for (const [one, pieces] of pending) {
        const bottom = one.box.scrollHeight - one.box.scrollTop - one.box.clientHeight < 40;
        const printed = pieces.text.join("");
        one.code.append(printed);
        one.size += printed.length;
        while ((one.size > most || one.code.childNodes.length > nodes) && one.code.firstChild !== one.code.lastChild) {
          one.size -= one.code.firstChild.length;
          one.code.firstChild.remove();
        }
        if (bottom) one.box.scrollTop = one.box.scrollHeight;
      }
      pending.clear();
    };
    const print = (line) => {
      const one = block(line);
      let piece = inert(String(line.text)) + (line.more ? "" : "\n");
      if (piece.length > 16384) piece = piece.slice(0, 16384) + "… (" + (piece.length - 16384) + " more)\n";
      const pieces = pending.get(one) || { text: [], size: 0 };
      pending.set(one, pieces);
      pieces.text.push(piece);
      pieces.size += piece.length;
      while (pieces.size > most) pieces.size -= pieces.text.shift().length;
      if (!writing) writing = setTimeout(write, Math.max(0, 200 - (Date.now() - written)));
    };
    const start = () => {
      if (stream || document.hidden) return;
      said.textContent = "connecting";
      stream = readStream(logs.dataset.follow, {
        open: () => { found = new Map(); pending.clear(); text.replaceChildren(); said.textContent = "following"; },
        lost: () => { said.textContent = "the connection was lost; trying to get it back"; },
        gone: () => { said.textContent = "there is nothing to follow"; stream = null; wanted = false; show(); },
        event: (type, data) => {
          let line;
          try { line = JSON.parse(data); } catch { return; }
          if (type === "log") print(line);
          if (type === "end") { said.textContent = "ended: " + inert(String(line.reason || "the version is over")); pause(); wanted = false; show(); }
        },
      }, false);
    };
    const pause = () => { if (stream) stream.close(); stream = null; };
    const show = () => {
      button.setAttribute("aria-pressed", String(wanted));
      button.textContent = wanted ? "Following" : "Follow";
    };
    button.onclick = () => {
      wanted = !wanted;
      if (wanted) start(); else { pause(); said.textContent = "stopped"; }
      show();
    };
    document.addEventListener("visibilitychange", () => { if (!wanted) return; if (document.hidden) pause(); else start(); });
    addEventListener("pagehide", pause);
    $("follow-actions").hidden = false;
    wanted = true;
    show();
    start();
  }

  self.purser = { inert, enhance, root };
  enhance(document);
  if (zone) $("zone").textContent = "times in " + zone;
  setInterval(() => { if (!document.hidden) times(document); }, 20000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) times(document); });
  if (live !== undefined || log) {
    connect();
    setTimeout(() => { if (state === "wait") { since = since || new Date(); tellState(); } }, 5000);
  }
})();
