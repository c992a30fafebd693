// Suggestions below an input while one types: a combobox as WAI-ARIA describes it. The scripts that use it say what is
// suggested and what comes of a choice.
(() => {
  "use strict";
  const WAIT_MS = 180;
  const SHORTEST = 2;
  const LONGEST_LIST = 10;
  let boxes = 0;

  const said = (className, text) => {
    const span = document.createElement("span");
    if (className) span.className = className;
    span.textContent = text;
    return span;
  };

  // `find(words, signal)` promises suggestions with a `label` and perhaps a `note`, or nothing, which leaves the list as
  // it is; `choose(suggestion)` is told of the one that is taken.
  globalThis.combobox = (input, { find, choose }) => {
    const list = document.createElement("ul");
    list.id = `suggestions-${++boxes}`;
    list.className = "suggestions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.labels[0]?.textContent ?? "");
    list.hidden = true;
    input.after(list);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");
    let timer, asked, suggestions = [], at = -1;

    const close = () => {
      list.hidden = true;
      list.replaceChildren();
      at = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const take = (number) => {
      close();
      choose(suggestions[number]);
    };
    const mark = (to) => {
      const options = list.children;
      if (!options.length) return;
      options[at]?.setAttribute("aria-selected", "false");
      at = (to + options.length) % options.length;
      options[at].setAttribute("aria-selected", "true");
      input.setAttribute("aria-activedescendant", options[at].id);
    };
    const option = (suggestion, number) => {
      const item = document.createElement("li");
      item.id = `${list.id}-${number}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.append(said("", suggestion.label), said("note", suggestion.note ?? ""));
      item.addEventListener("pointerdown", (event) => { event.preventDefault(); take(number); });
      return item;
    };
    const show = (found) => {
      close();
      suggestions = found.slice(0, LONGEST_LIST);
      list.append(...suggestions.map(option));
      list.hidden = !suggestions.length;
      input.setAttribute("aria-expanded", String(!list.hidden));
    };
    const ask = async () => {
      asked?.abort();
      const words = input.value.trim();
      if (words.length < SHORTEST) { close(); return; }
      asked = new AbortController();
      const { signal } = asked;
      try {
        const found = await find(words, signal);
        if (found && !signal.aborted) show(found);
      } catch { /* typed on, or no suggestions here */ }
    };
    input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, WAIT_MS); });
    // What is still on its way is for nobody.
    input.addEventListener("blur", () => { clearTimeout(timer); asked?.abort(); close(); });
    input.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      if (event.key === "ArrowDown") { event.preventDefault(); mark(at + 1); }
      else if (event.key === "ArrowUp") { event.preventDefault(); mark(at - 1); }
      else if (event.key === "Escape") { event.preventDefault(); close(); }
      else if (event.key === "Enter" && at >= 0) { event.preventDefault(); take(at); }
    });
  };
})();
