"use strict";
// Whom to call shows at once when a sign is ticked, before anything is sent. Without a network what was written waits on
// this telephone, and is sent from any page of the same link; its id keeps it from being kept twice.
// With scripts off a form is sent as any other.
(() => {
  const STORE = "facetwise-waiting";
  const PATIENCE = 6000;
  const LATER = "You see it in your list when you open this page again.";
  const box = document.querySelector("[data-waiting]");
  const words = document.querySelector("[data-call-words]");
  if (!box || !words || !window.fetch || !window.AbortController) return;
  const form = document.querySelector("form[data-offline], form[data-signs-first]");
  const link = location.origin + box.dataset.link;
  // How far the clinic's clock is before this one's.
  let ahead = form && form.dataset.now ? Date.parse(form.dataset.now) - Date.now() : 0;
  const moment = () => new Date(Date.now() + ahead);
  const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (n) => n.toString(16).padStart(2, "0")).join("");

  // What waits, of every link that was opened on this telephone; in memory where it cannot be stored.
  let memory = null;
  const all = () => {
    if (memory) return memory;
    try { return JSON.parse(localStorage.getItem(STORE)) || []; } catch { return []; }
  };
  const put = (entries) => {
    try { localStorage.setItem(STORE, JSON.stringify(entries)); memory = null; return true; } catch { memory = entries; return false; }
  };
  const keep = (entry) => put([...all().filter((held) => held.id !== entry.id), entry]);
  const drop = (id) => put(all().filter((held) => held.id !== id));
  const ours = () => all().filter((entry) => entry.action.startsWith(link));
  const waiting = () => ours().filter((entry) => !entry.why);

  const line = (says, strong) => {
    const p = document.createElement("p");
    (strong ? p.appendChild(document.createElement("strong")) : p).textContent = says;
    return p;
  };
  const told = (entry) => {
    const fields = new URLSearchParams(entry.body);
    const score = fields.get("score");
    const own = ["felt-date", "felt-time", "other-date", "other-at", "place", "doing", "medicines", "notes"];
    const rest = own.map((name) => fields.get(name)).filter(Boolean);
    const at = new Date(fields.get("written_at") || NaN);
    const when = Number.isNaN(at.valueOf()) ? "" : `, written ${at.toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" })}`;
    return [(entry.alert ? "a warning sign" : `score ${score}`) + when, ...rest].join("; ");
  };
  // What was for a sheet that is gone: the clinic's page shows it in the diary's form, which takes its place here by its id.
  const sendAsPage = (entry) => {
    const made = document.createElement("form");
    made.method = "post";
    made.action = entry.action;
    for (const [name, value] of new URLSearchParams(entry.body)) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name, value });
      made.append(field);
    }
    document.body.append(made);
    made.requestSubmit();
  };
  const refused = (entry) => {
    const li = document.createElement("li");
    li.append(line(`Not taken: ${told(entry)}.`, true), line(entry.why));
    const button = document.createElement("button");
    button.type = "button";
    button.className = "fw-linkbutton";
    button.textContent = "Remove it from this telephone";
    button.addEventListener("click", () => { drop(entry.id); show(); });
    if (entry.toDiary) {
      const other = button.cloneNode();
      other.textContent = "Open it in the diary";
      other.addEventListener("click", () => sendAsPage(entry));
      li.append(other, " · ");
    }
    li.append(button);
    return li;
  };
  const show = (says = []) => {
    const left = waiting(), not = ours().filter((entry) => entry.why);
    box.hidden = !left.length && !not.length && !says.length;
    box.replaceChildren(...says.map((one) => line(one, true)));
    const scores = left.filter((entry) => !entry.alert).map((entry) => new URLSearchParams(entry.body).get("score"));
    if (left.some((entry) => entry.alert)) box.append(line("The clinic has NOT been told yet of the sign that you ticked: call.", true));
    if (scores.length) box.append(line(`Not sent yet: ${scores.length === 1 ? "score" : "scores"} ${scores.join(", ")}. Kept on this telephone, and sent when the clinic can be reached.`));
    if (!not.length) return;
    const list = document.createElement("ul");
    list.append(...not.map(refused));
    box.append(list);
  };

  // The list of what is kept, as it is now; false where it cannot be had.
  const renewList = async () => {
    const list = document.querySelector("[data-kept-list]");
    if (!list) return true;
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const answer = await fetch(location.pathname, { signal: stop.signal });
      const fresh = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(list.id);
      if (fresh) list.replaceChildren(...fresh.childNodes);
      return Boolean(fresh);
    } catch {
      return false;
    } finally {
      clearTimeout(timer);
    }
  };

  const whyOf = (html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const faults = Array.from(page.querySelectorAll(".nhsuk-error-summary__list li"), (one) => one.textContent.trim());
    const plain = page.querySelector("main p");
    const why = faults.join(" ") || (plain ? plain.textContent.trim() : "") || "The clinic gave no reason. Tell the clinic.";
    return { why, toDiary: page.querySelector("form[data-instead]") !== null };
  };
  // What became of it: "sent"; "refused" by the clinic, and why; else why it could not be sent now.
  const send = async (entry) => {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    try {
      // A sign goes on its way even when the page is left at once; a score waits on the telephone.
      const answer = await fetch(entry.action, { method: "POST", keepalive: Boolean(entry.alert), body: new URLSearchParams(entry.body), headers: { Accept: "text/html" }, signal: stop.signal });
      const html = await answer.text();
      // Any other page that says it is well, such as of a hotel's network, is not the clinic's.
      const taken = entry.alert ? html.includes('data-told="yes"') : answer.redirected && new URL(answer.url).searchParams.has("kept");
      if (answer.ok) return taken ? { how: "sent", url: answer.url } : { how: "There is no network." };
      if (answer.status >= 500 || answer.status === 429) return { how: "The clinic's computer does not answer now." };
      return { how: "refused", ...whyOf(html) };
    } catch {
      return { how: stop.signal.aborted ? "The network does not answer." : "There is no network." };
    } finally {
      clearTimeout(timer);
    }
  };

  // One after the other, the signs first. became: what came of each, by its id.
  const became = new Map();
  let running = null, again = false;
  const pump = () => {
    again = true;
    running = running || (async () => {
      while (again) {
        again = false;
        for (const entry of waiting().sort((a, b) => Number(Boolean(b.alert)) - Number(Boolean(a.alert)))) {
          const result = await send(entry);
          became.set(entry.id, result);
          if (result.how === "sent") drop(entry.id);
          else if (result.how === "refused") keep({ ...entry, why: result.why, toDiary: result.toDiary });
          else { for (const other of waiting()) became.set(other.id, result); break; }
        }
      }
    })().finally(() => { running = null; });
    return running;
  };
  const sendWaiting = async () => {
    if (running || !waiting().length) return;
    const before = waiting();
    await pump();
    const alerts = before.filter((entry) => entry.alert && became.get(entry.id).how === "sent");
    const sent = before.filter((entry) => !entry.alert && became.get(entry.id)?.how === "sent").length;
    if (alerts.length) tell("The clinic has been told now. Do not wait for it to call you.");
    if (sent || alerts.length || before.length !== waiting().length) {
      const says = alerts.length ? ["The clinic has been told now of the sign that you ticked."] : [];
      if (sent) says.push(sent === 1 ? "Your saved entry has been sent." : `${sent} saved entries have been sent.`);
      show(says);
      if (sent && !await renewList()) show([...says, LATER]);
    }
  };

  const tell = (says) => { words.querySelector("[data-call-told]").textContent = says; };
  const callNow = (signs) => {
    for (const one of words.querySelectorAll("[data-sign]")) one.hidden = !signs.includes(one.dataset.sign);
    tell("The clinic does not know about it yet. Call now.");
    words.hidden = false;
    words.focus();
    words.scrollIntoView({ block: "start" });
  };

  let flight = null; // what was sent last, and is not answered yet
  const bodyOf = (data) => new URLSearchParams(data).toString();
  const alertOf = (data, signs, at) => {
    const fields = new URLSearchParams({ id: newId(), written_at: at });
    for (const sign of signs) fields.append("signs", sign);
    return { id: fields.get("id"), action: form.action, alert: true, body: fields.toString() };
  };

  const onSubmit = async (event) => {
    let data = new FormData(form);
    const signs = data.getAll("signs"), isKept = "offline" in form.dataset, at = moment().toISOString();
    if (!signs.length && (!isKept || !data.get("score"))) return; // the clinic's own page says what is missing
    event.preventDefault();
    event.stopPropagation();
    if (signs.length) callNow(signs);
    data.delete("id");
    const key = bodyOf(data);
    if (flight && flight.key === key) { show(["Sending."]); return; }
    if (flight) form.elements.id.value = newId();
    const mine = flight = { key, id: form.elements.id.value };
    const alert = signs.length ? alertOf(data, signs, at) : null;
    data.delete("signs");
    data.set("id", mine.id);
    data.set("written_at", at);
    const entry = isKept && data.get("score") ? { id: mine.id, action: form.action, body: bodyOf(data) } : null;
    let safe = true;
    for (const one of [alert, entry]) if (one) safe = keep(one) && safe;
    await pump();
    if (flight === mine) flight = null;
    settle(alert, entry, safe, flight === null);
  };

  // isLast: nothing was written in the form since.
  const settle = async (alert, entry, safe, isLast) => {
    const ofAlert = alert && became.get(alert.id), ofEntry = entry && became.get(entry.id);
    if (ofAlert) tell(ofAlert.how === "sent" ? "The clinic has been told. Do not wait for it to call you: somebody may only see it tomorrow." : "The clinic could NOT be told. Call now: nobody else knows about it.");
    if (!alert && isLast && ofEntry.how === "sent") { location.assign(ofEntry.url); return; }
    if (!alert && isLast && ofEntry.how === "refused") { drop(entry.id); HTMLFormElement.prototype.submit.call(form); return; }
    if (isLast) {
      if (entry) form.reset();
      for (const sign of form.querySelectorAll("input[name=signs]")) sign.checked = false;
      form.elements.id.value = newId();
    }
    const says = [];
    if (ofEntry?.how === "sent") says.push("Your score has been saved.");
    else if (ofEntry && ofEntry.how !== "refused") says.push(safe ? `${ofEntry.how} Your entry is kept on this telephone.` : `${ofEntry.how} This telephone cannot keep your entry. Try again later, or write it on paper.`);
    if (alert && !entry && "signsFirst" in form.dataset) says.push("When you have called, press Save again: what you wrote is still here.");
    show(says);
    if (!alert) box.scrollIntoView({ block: "center" });
    if (ofEntry?.how === "sent" && !await renewList()) show([...says, LATER]);
  };

  // What is due changes while the page stands open.
  const refresh = async () => {
    const until = document.querySelector("[data-until]");
    if (!until || moment() < new Date(until.dataset.until)) return;
    until.removeAttribute("data-until");
    const places = document.querySelectorAll("[data-fresh]");
    try {
      const page = new DOMParser().parseFromString(await (await fetch(location.pathname)).text(), "text/html");
      const fresh = page.querySelector("form[data-offline]");
      if (!fresh || fresh.elements.block?.value !== form?.elements.block?.value) throw new Error("not the sheet");
      ahead = Date.parse(fresh.dataset.now) - Date.now();
      for (const place of places) {
        const other = page.getElementById(place.id);
        place.replaceChildren(...(other ? other.childNodes : []));
        if (other?.dataset.until) place.dataset.until = other.dataset.until;
      }
    } catch {
      for (const place of places) place.replaceChildren();
      until.dataset.until = new Date(moment().valueOf() + 60000).toISOString();
    }
  };

  if (form) form.addEventListener("submit", onSubmit);
  for (const field of document.querySelectorAll("[data-chooses]")) {
    field.addEventListener("input", () => { if (field.value) document.getElementById(field.dataset.chooses).checked = true; });
  }
  window.addEventListener("online", sendWaiting);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { refresh(); sendWaiting(); } });
  window.setInterval(() => { refresh(); sendWaiting(); }, 20000);
  show();
  sendWaiting();
})();
