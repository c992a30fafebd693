// Small comforts; every page works without them.
(() => {
  "use strict";
  const SIMILAR_SHOWN = 5;

  document.documentElement.classList.add("script");

  // A choice in a search form takes effect at once; typed words wait for Enter. The page that comes back
  // keeps the reader's place: the same control has the focus, at the same height.
  const PLACE = "vesalius-place";
  const remember = (field) => {
    sessionStorage.setItem(PLACE, JSON.stringify({ name: field.name, value: field.type === "checkbox" ? field.value : null, y: scrollY }));
  };
  const place = JSON.parse(sessionStorage.getItem(PLACE) ?? "null");
  sessionStorage.removeItem(PLACE);
  if (place) {
    const same = (field) => field.name === place.name && (place.value === null || field.value === place.value);
    const field = [...document.querySelectorAll("form[data-submit-on-change] input:not([type=hidden]), form[data-submit-on-change] select")].find(same);
    field?.focus({ preventScroll: true });
    scrollTo({ top: place.y, behavior: "instant" });
  }
  for (const form of document.querySelectorAll("form[data-submit-on-change]")) {
    form.addEventListener("change", (event) => {
      if (event.target.form !== form || !event.target.matches("input[type=checkbox], input[type=number], select")) return;
      remember(event.target);
      form.requestSubmit();
    });
    // Empty fields make no part of the address.
    form.addEventListener("submit", () => {
      for (const field of form.querySelectorAll("input[type=number], input[type=search]")) {
        if (field.value === "") field.disabled = true;
      }
    });
  }
  addEventListener("pageshow", () => {
    for (const field of document.querySelectorAll("form[data-submit-on-change] input:disabled")) field.disabled = false;
  });

  // On a narrow screen the facets start folded.
  const fold = document.querySelector(".facet-fold");
  if (fold && matchMedia("(max-width: 55rem)").matches) fold.open = false;

  for (const button of document.querySelectorAll("button[data-copy]")) {
    const source = document.getElementById(button.dataset.copy);
    if (!source || !navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const words = [...button.childNodes];
      await navigator.clipboard.writeText(source.textContent.trim());
      button.textContent = button.dataset.done;
      button.setAttribute("aria-live", "polite");
      setTimeout(() => { button.replaceChildren(...words); }, 1600);
    });
  }

  for (const link of document.querySelectorAll("[data-fill]")) {
    const field = document.getElementById(link.dataset.fill);
    const source = document.getElementById(link.dataset.from);
    if (!field || !source) continue;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      field.value = source.textContent;
      field.focus();
      field.dispatchEvent(new Event("filled"));
      field.scrollIntoView({ block: "center" });
    });
  }

  // A branch of a tree that was not sent with the page is fetched when it is opened; without script its link
  // leads to it. The link for the rest of a level fetches that, too.
  for (const tree of document.querySelectorAll("[data-lazy]")) {
    const fetchInto = async (link) => {
      const item = link.closest("li.more");
      if (!item || item.getAttribute("aria-busy") === "true") return;
      item.setAttribute("aria-busy", "true");
      try {
        const answer = await fetch(`${link.href}&part=1`, { headers: { Accept: "text/html" } });
        if (!answer.ok) throw new Error(answer.statusText);
        const page = new DOMParser().parseFromString(`<ul>${await answer.text()}</ul>`, "text/html");
        const items = [...page.querySelector("ul").children];
        const hadFocus = item.contains(document.activeElement);
        item.replaceWith(...items);
        if (hadFocus) items[0]?.querySelector("a, summary")?.focus();
      } catch { location.assign(link.href); }
    };
    tree.addEventListener("toggle", (event) => {
      const link = event.target.open && event.target.querySelector(":scope > ul > li.more:only-child > a");
      if (link) fetchInto(link);
    }, true);
    tree.addEventListener("click", (event) => {
      const link = event.target.closest("li.more > a");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      fetchInto(link);
    });
  }

  // Collections like the one on the page: the link beside them leads to the same list.
  for (const box of document.querySelectorAll("[data-similar]")) {
    fetch(box.dataset.similar, { headers: { Accept: "application/json" } })
      .then((answer) => (answer.ok ? answer.json() : { hits: [] }))
      .then(({ hits }) => {
        const list = document.createElement("ul");
        list.className = "links";
        for (const hit of hits.slice(0, SIMILAR_SHOWN)) {
          const link = document.createElement("a");
          link.href = hit.href;
          link.textContent = hit.title;
          const item = document.createElement("li");
          item.append(link);
          list.append(item);
        }
        if (hits.length) box.querySelector(".more").before(list);
      })
      .catch(() => { /* the link is still there */ });
  }

  // Suggestions while typing: a record, to go to it; else words, to search for them.
  for (const input of document.querySelectorAll("input[data-suggest]")) {
    combobox(input, {
      find: async (words, signal) => {
        const address = `${input.dataset.suggest}?q=${encodeURIComponent(words)}`;
        const answer = await fetch(address, { headers: { Accept: "application/json" }, signal });
        if (!answer.ok) return null;
        const body = await answer.json();
        const found = Array.isArray(body) ? body : body.suggestions ?? [];
        return found.map(({ label, kind, href }) => ({ label, note: kind, href: href ?? "" }));
      },
      choose: ({ label, href }) => {
        if (href.startsWith("/") && !href.startsWith("//")) { location.assign(href); return; }
        input.value = label;
        input.form.requestSubmit();
      },
    });
  }
})();
