// Comforts of the form of a record; without them every button sends the whole form, and nothing is lost either.
(() => {
  "use strict";
  const KEEP_MS = 700;
  const LOOK_MS = 20000;
  const RETRY_MS = [2000, 5000, 10000, 30000];
  const HITS = 10;

  let form = document.querySelector("form.edit");
  if (!form) return;
  const status = () => document.getElementById("kept");
  const hidden = (name) => form.querySelector(`input[type=hidden][name="${name}"]`);
  let timer, failures = 0, dirty = false, running = null, stopped = false, leaving = false;

  const say = (text, link) => {
    const place = status();
    place.replaceChildren(text);
    if (link) {
      const there = document.createElement("a");
      there.href = link.href;
      there.target = "_blank";
      there.rel = "noopener";
      there.textContent = ` ${link.label}`;
      place.append(there);
    }
  };

  // One request at a time: what was typed meanwhile goes with the next.
  const keep = async () => {
    if (running || stopped || leaving) return;
    clearTimeout(timer);
    dirty = false;
    const turn = hidden("_turn");
    const body = new URLSearchParams(new FormData(form));
    turn.value = String(Number(turn.value) + 1);
    body.delete("do");
    try {
      running = fetch(form.dataset.working, { method: "PUT", body, headers: { Accept: "application/json" } });
      const answer = await running;
      if (answer.status === 412) { stopped = true; say(form.dataset.elsewhere); return; }
      if (answer.status === 403 || answer.status === 401) {
        say(form.dataset.out, { href: form.dataset.signIn, label: "→" });
        throw new Error("signed out");
      }
      if (!answer.ok) throw new Error(answer.statusText);
      const body_ = await answer.json();
      failures = 0;
      hidden("_seen").value = String(body_.sequence);
      const here = location.pathname;
      if (location.search) history.replaceState(null, "", here);
      say(`${form.dataset.kept} ${new Date().toLocaleTimeString()}`);
      show(body_);
    } catch (error) {
      dirty = true;
      if (error.message !== "signed out") say(form.dataset.notKept);
      const wait = RETRY_MS[Math.min(failures, RETRY_MS.length - 1)];
      failures += 1;
      timer = setTimeout(() => { running = null; keep(); }, wait);
      running = null;
      return;
    } finally {
      running = null;
    }
    if (dirty) later();
  };
  const later = () => {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(keep, KEEP_MS);
  };

  // What the check says now: beside values always, beside fields only where something was told before.
  const show = ({ troubles = [], score, others = [] }) => {
    const told = new Map();
    for (const trouble of troubles) {
      if (!told.has(trouble.at)) told.set(trouble.at, []);
      told.get(trouble.at).push(trouble);
    }
    for (const list of form.querySelectorAll("ul.troubles")) {
      const at = list.id.slice(0, -"|troubles".length);
      const here = told.get(at) ?? [];
      const isValue = list.parentElement.matches(".edit-row");
      const shown = isValue || list.children.length ? here : [];
      const before = [...list.children].map((item) => item.textContent).join("\n");
      if (before === shown.map((trouble) => trouble.text).join("\n")) continue;
      list.replaceChildren(...shown.map((trouble) => {
        const item = document.createElement("li");
        if (trouble.grave) item.className = "grave";
        item.textContent = trouble.text;
        return item;
      }));
      if (!isValue) list.parentElement.classList.toggle("wrong", shown.some((trouble) => trouble.grave));
      const control = isValue && document.getElementById(`${at}|v`);
      if (control) {
        if (shown.some((trouble) => trouble.grave)) control.setAttribute("aria-invalid", "true");
        else control.removeAttribute("aria-invalid");
      }
    }
    const points = document.getElementById("score");
    if (points && score) points.textContent = String(score.points);
    const next = document.getElementById("next");
    if (next && score?.next) { next.href = score.next.href; next.textContent = score.next.label; }
    const writers = document.getElementById("writers");
    writers.hidden = !others.length;
    writers.textContent = others.length ? `${form.dataset.writes} ${others.join(", ")}` : "";
  };

  // Buttons that change the form do so in place: the answer of the server replaces it. One after the other, and what is
  // typed until the answer comes goes over into it; while rows may change their places nothing can be typed.
  let sending = null;
  const send = (value) => {
    const mine = (sending ?? Promise.resolve()).then(() => transmit(value));
    sending = mine;
    return mine.finally(() => { if (sending === mine) sending = null; });
  };
  const held = (control) => (/^(checkbox|radio)$/.test(control.type) ? String(control.checked) : control.value);
  const controls = () => [...form.elements].filter((control) => control.id);
  const carry = (id, control) => {
    const into = document.getElementById(id);
    if (!into || into.type !== control.type || held(into) === held(control)) return;
    if (/^(checkbox|radio)$/.test(into.type)) into.checked = control.checked;
    else into.value = control.value;
    later();
  };
  const transmit = async (value) => {
    clearTimeout(timer);
    if (running) await running.catch(() => null);
    const body = new URLSearchParams(new FormData(form));
    body.append("do", value);
    const sent = new Map(controls().map((control) => [control.id, held(control)]));
    form.setAttribute("aria-busy", "true");
    form.inert = !/^(find|below|pick|add|node)\|/.test(value);
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("form.edit");
      if (!fresh) throw new Error("no form");
      const typed = controls().filter((control) => sent.has(control.id) && sent.get(control.id) !== held(control));
      const focused = typed.some((control) => control === document.activeElement) && document.activeElement.id;
      const open = new Set([...form.querySelectorAll("details[open]")].map((one) => one.closest("[aria-labelledby], .edit-node")?.id));
      form.replaceWith(fresh);
      form = fresh;
      for (const one of form.querySelectorAll("details")) {
        if (open.has(one.closest("[aria-labelledby], .edit-node")?.id)) one.open = true;
      }
      dress();
      for (const control of typed) carry(control.id, control);
      (document.getElementById(focused || "") ?? form.querySelector("[autofocus]"))?.focus();
    } catch {
      leaving = true;
      form.inert = false;
      const name = document.createElement("input");
      name.type = "hidden"; name.name = "do"; name.value = value;
      form.append(name);
      form.submit();
    }
  };

  // Texts in several languages stand behind tabs.
  const tabs = (field) => {
    const rows = [...field.querySelectorAll(":scope > .edit-row")];
    if (rows.length < 2 || field.querySelector(":scope > [role=tablist]")) return;
    const list = document.createElement("div");
    list.setAttribute("role", "tablist");
    list.setAttribute("aria-label", field.querySelector(".edit-label label")?.textContent ?? "");
    const choose = (at) => {
      for (const [number, row] of rows.entries()) {
        row.hidden = number !== at;
        const tab = list.children[number];
        tab.setAttribute("aria-selected", String(number === at));
        tab.tabIndex = number === at ? 0 : -1;
      }
    };
    for (const [number, row] of rows.entries()) {
      const language = row.querySelector("select.language");
      const tab = document.createElement("button");
      tab.type = "button";
      tab.setAttribute("role", "tab");
      row.setAttribute("role", "tabpanel");
      row.id ||= `${field.id}|panel|${number}`;
      tab.setAttribute("aria-controls", row.id);
      const name = () => { tab.textContent = language?.selectedOptions[0]?.textContent ?? String(number + 1); };
      name();
      language?.addEventListener("change", name);
      tab.addEventListener("click", () => choose(number));
      tab.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        const to = (number + step + rows.length) % rows.length;
        choose(to);
        list.children[to].focus();
      });
      list.append(tab);
    }
    rows[0].before(list);
    const wrong = rows.findIndex((row) => row.querySelector("[autofocus], [aria-invalid]"));
    choose(Math.max(wrong, 0));
  };

  // A term is looked up while it is typed.
  const picker = (input) => combobox(input, {
    find: async (words, signal) => {
      const answers = await Promise.all(input.dataset.term.split(" ").map(async (under) => {
        const query = new URLSearchParams({ q: words, under, limit: String(HITS) });
        const answer = await fetch(`${form.dataset.lookup}?${query}`, { headers: { Accept: "application/json" }, signal });
        return answer.ok ? (await answer.json()).hits : [];
      }));
      const note = ({ code, parents }) => [code, ...parents.slice(0, 1).map((parent) => parent.label)].filter(Boolean).join(" · ");
      return answers.flat().map((hit) => ({ label: hit.label, note: note(hit), iri: hit.iri }));
    },
    choose: ({ label, iri }) => {
      const name = input.name.replace(/\|v$/, "|k");
      let kept = form.querySelector(`input[type=hidden][name="${CSS.escape(name)}"]`);
      if (!kept) {
        kept = document.createElement("input");
        kept.type = "hidden";
        kept.name = name;
        input.after(kept);
      }
      kept.value = `<${iri}>`;
      input.value = label;
      later();
    },
  });

  const dress = () => {
    for (const field of form.querySelectorAll(".by-language")) tabs(field);
    for (const input of form.querySelectorAll("input[data-term]")) picker(input);
    form.addEventListener("input", later);
    form.addEventListener("change", later);
    form.addEventListener("submit", (event) => {
      const button = event.submitter;
      if (button?.hasAttribute("data-part")) {
        event.preventDefault();
        send(button.value);
        return;
      }
      if (sending) {
        event.preventDefault();
        const again = () => form.querySelector(`button[name="do"][value="${CSS.escape(button?.value ?? "")}"]`);
        sending.finally(() => { if (!leaving) form.requestSubmit(again()); });
        return;
      }
      leaving = true;
      clearTimeout(timer);
    });
    // A mended place may stand behind a tab.
    for (const link of form.querySelectorAll(".error-summary a, #next")) {
      link.addEventListener("click", () => {
        const there = document.getElementById(decodeURIComponent(link.hash.slice(1)));
        const row = there?.closest(".edit-row[hidden]");
        if (row) {
          const rows = [...row.parentElement.querySelectorAll(":scope > .edit-row")];
          row.parentElement.querySelectorAll(":scope > [role=tablist] > [role=tab]")[rows.indexOf(row)]?.click();
        }
        there?.focus();
      });
    }
    const errors = document.getElementById("errors");
    if (errors && !form.querySelector("[autofocus]")) errors.focus();
  };
  dress();

  // Others come and go; a window that is closed keeps what it can.
  setInterval(async () => {
    if (document.hidden || running || dirty || stopped || leaving) return;
    try {
      const answer = await fetch(form.dataset.working, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const { others } = await answer.json();
      const writers = document.getElementById("writers");
      writers.hidden = !others.length;
      writers.textContent = others.length ? `${form.dataset.writes} ${others.join(", ")}` : "";
    } catch { /* later */ }
  }, LOOK_MS);
  addEventListener("visibilitychange", () => { if (document.hidden && dirty) keep(); });
  addEventListener("beforeunload", (event) => { if (dirty && !leaving) event.preventDefault(); });
})();
