"use strict";
// Without a network an entry waits here and is sent when the network is back; its id keeps it from being kept twice.
// With scripts off the form is sent as any other.
(() => {
  const STORE = "facetwise-waiting";
  const form = document.querySelector("form[data-offline]");
  const box = document.querySelector("[data-waiting]");
  if (!form || !box || !window.fetch) return;
  const ahead = Date.parse(form.dataset.now) - Date.now(); // how far the clinic's clock is before this one's
  const all = () => {
    try { return JSON.parse(localStorage.getItem(STORE)) || []; } catch { return []; }
  };
  const put = (entries) => {
    try { localStorage.setItem(STORE, JSON.stringify(entries)); return true; } catch { return false; }
  };
  const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (n) => n.toString(16).padStart(2, "0")).join("");
  const drop = (id) => put(all().filter((entry) => entry.id !== id));
  const ours = () => all().filter((entry) => entry.action === form.action);

  const show = (says) => {
    const waiting = ours();
    box.hidden = !waiting.length && !says;
    box.replaceChildren();
    const line = (words, strong) => {
      const p = document.createElement("p");
      const inner = strong ? p.appendChild(document.createElement("strong")) : p;
      inner.textContent = words;
      box.append(p);
    };
    for (const words of says || []) line(words, true);
    if (waiting.length) {
      const scores = waiting.map((entry) => new URLSearchParams(entry.body).get("score")).filter(Boolean);
      line(`Not sent yet: ${scores.length === 1 ? "score" : "scores"} ${scores.join(", ")}. Kept on this telephone, and sent when there is a network.`);
    }
  };

  // "sent", "refused" by the clinic, or "later" where it cannot be reached.
  const send = async (entry) => {
    try {
      const answer = await fetch(entry.action, { method: "POST", body: new URLSearchParams(entry.body), headers: { Accept: "text/html" } });
      if (answer.ok) return [answer.redirected ? "sent" : "page", answer];
      return [answer.status >= 500 || answer.status === 429 ? "later" : "refused", answer];
    } catch { return ["later", null]; }
  };

  let busy = false;
  const sendAll = async () => {
    if (busy || !ours().length) return;
    busy = true;
    let sent = 0, refused = 0;
    for (const entry of ours()) {
      const [how] = await send(entry);
      if (how === "later") break;
      drop(entry.id);
      if (how === "refused") refused += 1; else sent += 1;
    }
    busy = false;
    if (sent || refused) {
      const says = [];
      if (sent) says.push(sent === 1 ? "What waited has been sent." : `${sent} entries that waited have been sent.`);
      if (refused) says.push("An entry that waited was not taken. Write it again, or tell the clinic.");
      show(says);
    }
  };

  const callNow = () => {
    const calls = Array.from(form.querySelectorAll("input[name=signs]:checked"), (sign) => sign.dataset.call);
    const phone = form.dataset.phone ? [`The unit: ${form.dataset.phone}.`] : [];
    return calls.length ? [...new Set(calls), ...phone, "The clinic cannot be told before there is a network: call."] : [];
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    if (busy) return;
    const data = new FormData(form);
    if (!data.get("score") && !data.getAll("signs").length) { HTMLFormElement.prototype.submit.call(form); return; }
    data.set("written_at", new Date(Date.now() + ahead).toISOString());
    const entry = { id: data.get("id"), action: form.action, body: new URLSearchParams(data).toString() };
    const safe = put([...all().filter((held) => held.id !== entry.id), entry]);
    busy = true;
    const [how, answer] = await send(entry);
    busy = false;
    if (how === "sent") { drop(entry.id); location.assign(answer.url); return; }
    if (how === "page" || how === "refused") { // whom to call now, or what was wrong: the clinic's own page says it
      drop(entry.id);
      HTMLFormElement.prototype.submit.call(form);
      return;
    }
    const calls = callNow();
    if (!safe) { show([...calls, "There is no network, and this telephone cannot keep it. Try again later, or write it on paper."]); return; }
    form.reset();
    form.elements.id.value = newId();
    show([...calls, "There is no network. Your entry is kept on this telephone."]);
    box.scrollIntoView({ block: "center" });
  });

  window.addEventListener("online", sendAll);
  window.setInterval(sendAll, 20000);
  show();
  sendAll();
})();
