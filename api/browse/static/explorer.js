// The explorer with JavaScript: any method, bodies, and templates that are filled.
"use strict";
addEventListener("DOMContentLoaded", () => {
  const $ = (id) => document.getElementById(id);
  const { inert, enhance, root } = self.purser;
  const form = $("explorer"), path = $("path"), method = $("method"), body = $("body"), sample = $("sample"), holes = $("holes"), accept = $("accept"), answer = $("answer");
  const send = form.querySelector("button");
  const safe = new Set(["GET", "HEAD", "OPTIONS"]);
  const most = 200000;
  for (const id of ["method-field", "accept-field"]) $(id).hidden = false;

  const element = (tag, text, name) => {
    const e = document.createElement(tag);
    if (text !== undefined) e.textContent = inert(String(text));
    if (name) e.className = name;
    return e;
  };

  // Templates, as RFC 6570 has them
  const expression = /\{([+#./;?&]?)([^{}]*)\}/g;
  const namesOf = (text) => [...text.matchAll(expression)].flatMap((m) => m[2].split(",").map((n) => n.replace(/(\*|:\d+)$/, ""))).filter(Boolean);
  const expand = (text, values) => text.replace(expression, (_, operator, list) => {
    const first = { "+": "", "#": "#", ".": ".", "/": "/", ";": ";", "?": "?", "&": "&", "": "" }[operator];
    const between = { ".": ".", "/": "/", ";": ";", "?": "&", "&": "&" }[operator] || ",";
    const named = operator === ";" || operator === "?" || operator === "&";
    const out = [];
    for (const name of list.split(",").map((n) => n.replace(/(\*|:\d+)$/, ""))) {
      const value = values.get(name);
      if (!value) continue;
      const text = operator === "+" || operator === "#" ? encodeURI(value) : encodeURIComponent(value);
      out.push(named ? name + "=" + text : text);
    }
    return out.length ? first + out.join(between) : "";
  });
  const showHoles = () => {
    const names = [...new Set(namesOf(path.value))];
    const old = new Map([...holes.querySelectorAll("input")].map((i) => [i.name, i.value]));
    holes.replaceChildren(element("legend", "Template"));
    holes.hidden = !names.length;
    names.forEach((name, i) => {
      const field = element("div", undefined, "field"), label = element("label", name), input = element("input", undefined, "mono");
      input.id = "hole-" + i;
      label.htmlFor = input.id;
      input.name = name;
      input.value = old.get(name) || "";
      input.autocomplete = "off";
      field.append(label, input);
      holes.append(field);
    });
  };
  const target = () => expand(path.value.trim(), new Map([...holes.querySelectorAll("input")].map((i) => [i.name, i.value])));

  // A request that changes something is sent at the second click.
  let armed = "";
  const disarm = () => { armed = ""; send.textContent = "Send"; send.classList.remove("danger"); };
  const showMethod = () => { $("body-field").hidden = safe.has(method.value); disarm(); };
  method.onchange = showMethod;
  path.oninput = () => { showHoles(); disarm(); };
  holes.oninput = disarm;
  body.oninput = disarm;
  sample.onchange = () => {
    const chosen = sample.selectedOptions[0];
    if (!chosen.dataset.path) return;
    method.value = chosen.dataset.method;
    path.value = chosen.dataset.path;
    body.value = chosen.value;
    showHoles();
    showMethod();
  };

  const local = (href) => {
    try {
      const base = location.origin + root, text = href.startsWith(base) ? href.slice(base.length) : href.startsWith("/") ? href : "";
      return text.startsWith("/") ? text : "";
    } catch { return ""; }
  };
  const follow = (href) => {
    const link = element("a", href);
    link.href = root + "/explorer?path=" + encodeURIComponent(local(href));
    link.onclick = (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      path.value = local(href);
      method.value = "GET";
      showMethod();
      showHoles();
      if (holes.hidden || !/\{[^?&]/.test(path.value)) go(); else { holes.querySelector("input").focus(); scrollTo(0, 0); }
    };
    return link;
  };

  // JSON with its parts marked, and its addresses as links
  const marked = (text) => {
    const code = element("code");
    const token = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
    let at = 0, key = "";
    for (const m of text.matchAll(token)) {
      code.append(inert(text.slice(at, m.index)));
      at = m.index + m[0].length;
      if (m[1] && m[2]) {
        key = m[1];
        code.append(element("span", m[1], "k"), m[2]);
        continue;
      }
      let link = null;
      if (m[1] && key === '"href"') {
        try { const href = JSON.parse(m[1]); if (local(href)) link = follow(href); } catch { /* shown as it is */ }
      }
      code.append(link || element("span", m[0], m[1] ? "s" : m[3] ? "w" : "n"));
    }
    code.append(inert(text.slice(at)));
    return code;
  };
  const box = (label, code, oneLine) => {
    const outer = element("div", undefined, oneLine ? "code one" : "code"), pre = element("pre"), copy = element("button", "Copy", "copy");
    outer.tabIndex = 0;
    outer.setAttribute("role", "region");
    outer.setAttribute("aria-label", label);
    copy.type = "button";
    copy.dataset.copy = "";
    pre.append(code);
    outer.append(copy, pre);
    return outer;
  };
  const linkTable = (links) => {
    const scroll = element("div", undefined, "scroll"), table = element("table", undefined, "links");
    const head = table.createTHead().insertRow();
    for (const text of ["Relation", "Address"]) { const th = element("th", text); th.scope = "col"; head.append(th); }
    const rows = table.createTBody();
    for (const [rel, list] of Object.entries(links)) {
      for (const link of [].concat(list)) {
        const row = rows.insertRow(), th = element("th", rel);
        th.scope = "row";
        row.append(th);
        const cell = row.insertCell();
        if (link && typeof link.href === "string") cell.append(local(link.href) ? follow(link.href) : element("code", link.href));
      }
    }
    scroll.append(table);
    return scroll;
  };
  const quoted = (text) => "'" + text.replace(/'/g, "'\\''") + "'";

  const show = (verb, to, sent, response, text, took) => {
    const card = element("section", undefined, "card"), title = element("div", undefined, "title");
    title.append(element("h2", "Answer"), element("span", response.status + " " + response.statusText, "badge " + (response.ok ? "good" : "bad")), element("span", took + " ms", "muted small"));
    card.append(title);
    let doc = null;
    try { doc = JSON.parse(text); } catch { /* no JSON */ }
    if (doc && doc._links && !Array.isArray(doc)) card.append(element("h3", "Links"), linkTable(doc._links));
    card.append(element("h3", "Headers"), box("Headers", element("code", [...response.headers].map(([n, v]) => n + ": " + v).join("\n"))));
    if (text) {
      const shown = doc ? marked((text.includes("\n") ? text : JSON.stringify(doc, null, 2)).slice(0, most)) : element("code", text.slice(0, most));
      card.append(element("h3", doc ? "Document" : "Body"), box("The document", shown));
      if (text.length > most) card.append(element("p", "This is not all of it: it is " + text.length + " characters long.", "muted small"));
    } else {
      card.append(element("p", "The answer is empty.", "empty"));
    }
    const curl = "curl -s" + (verb === "GET" ? "" : verb === "HEAD" ? "I" : " -X " + verb) + " -H " + quoted("Accept: " + accept.value) +
      (sent ? " -H 'Content-Type: application/json' -d " + quoted(sent) : "") + " " + quoted(location.origin + root + to);
    card.append(element("h3", "curl"), box("curl", element("code", curl), true));
    answer.replaceChildren(card);
    enhance(answer);
  };

  let running = null;
  const go = async () => {
    const verb = method.value, to = target(), sent = safe.has(verb) ? undefined : body.value;
    if (!to.startsWith("/")) { answer.replaceChildren(element("p", "A path begins with a slash.", "notice bad")); return; }
    if (!safe.has(verb) && armed !== verb + to + sent) {
      armed = verb + to + sent;
      send.textContent = "Really send " + verb;
      send.classList.add("danger");
      return;
    }
    disarm();
    if (running) running.abort();
    running = new AbortController();
    const begun = performance.now(), limit = setTimeout(() => running.abort(), 60000);
    try {
      const headers = { Accept: accept.value || "*/*" };
      if (sent) headers["Content-Type"] = "application/json";
      const response = await fetch(root + to, { method: verb, headers, body: sent || undefined, cache: "no-store", signal: running.signal });
      if ((response.headers.get("Content-Type") || "").startsWith("text/event-stream")) {
        running.abort();
        answer.replaceChildren(element("p", "This is a stream without an end. The page of events shows it.", "notice"));
      } else {
        show(verb, to, sent, response, await response.text(), Math.round(performance.now() - begun));
      }
      history.replaceState(null, "", root + "/explorer?path=" + encodeURIComponent(path.value));
    } catch (error) {
      if (error.name !== "AbortError") answer.replaceChildren(element("p", "The server did not answer: " + error.message, "notice bad"));
    }
    clearTimeout(limit);
  };
  form.onsubmit = (event) => { event.preventDefault(); go(); };
  for (const option of sample.options) {
    if (!option.dataset.path) continue;
    const known = element("option");
    known.value = option.dataset.path;
    $("paths").append(known);
  }
  showHoles();
  showMethod();
});
