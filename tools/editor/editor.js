// The editor of the query page: CodeMirror over the text field of the form, with completion of classes,
// properties and concepts. The field stays what the form sends; without this file the page works as it is.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const LONGEST_LIST = 50;
const SHORTEST = 2;
const KEYWORDS = ("SELECT WHERE PREFIX OPTIONAL FILTER UNION MINUS BIND VALUES GRAPH DISTINCT CONSTRUCT DESCRIBE ASK LIMIT OFFSET " +
  "COUNT SUM AVG MIN MAX SAMPLE GROUP_CONCAT EXISTS REGEX CONTAINS STRSTARTS LANG LANGMATCHES DATATYPE BOUND").split(" ")
  .concat(["ORDER BY", "GROUP BY", "HAVING", "NOT EXISTS"]);
const VOID = "http://rdfs.org/ns/void#";
const PREFIX = /PREFIX\s+([\w-]*):\s*<([^>]*)>/gi;

// What there is, from the counts of the catalogue itself; asked for once, when it is first wanted.
let known;
const terms = (root) => known ??= fetch(`${root}.well-known/void`, { headers: { Accept: "application/ld+json" } })
  .then((answer) => answer.json())
  .then((body) => {
    const nodes = Array.isArray(body) ? body : body["@graph"] ?? [body];
    const list = [];
    for (const node of nodes) {
      for (const [key, kind] of [["class", "class"], ["property", "property"]]) {
        for (const one of [node[VOID + key] ?? node[`void:${key}`] ?? []].flat()) {
          const counted = [node[VOID + "entities"] ?? node["void:entities"] ?? node[VOID + "triples"] ?? node["void:triples"]].flat()[0];
          list.push({ iri: one["@id"] ?? one, kind, count: Number(counted?.["@value"] ?? counted ?? 0) });
        }
      }
    }
    return list.sort((a, b) => b.count - a.count);
  })
  .catch(() => []);

const prefixes = (text) => [...text.matchAll(PREFIX)].map(([, name, iri]) => ({ name, iri }));

// An IRI in the shortest form that the query allows.
const written = (iri, declared) => {
  for (const { name, iri: start } of declared) {
    const rest = iri.slice(start.length);
    if (iri.startsWith(start) && /^[\w-]+$/.test(rest)) return `${name}:${rest}`;
  }
  return `<${iri}>`;
};

const complete = (root) => async (context) => {
  const word = context.matchBefore(/[?$\w:-]+/);
  if (!word || (word.text.length < SHORTEST && !context.explicit)) return null;
  const text = context.state.doc.toString();
  const declared = prefixes(text);
  const typed = word.text.toLowerCase();
  const options = [];
  if (/^[?$]/.test(word.text)) {
    const names = new Set(text.match(/[?$]\w+/g));
    names.delete(word.text);
    for (const label of names) options.push({ label, type: "variable" });
    return { from: word.from, options };
  }
  for (const label of KEYWORDS) if (label.toLowerCase().startsWith(typed)) options.push({ label, type: "keyword" });
  for (const { iri, kind, count } of await terms(root)) {
    const label = written(iri, declared);
    if (label.toLowerCase().includes(typed)) options.push({ label, type: kind, detail: String(count), boost: label.startsWith("<") ? -1 : 1 });
    if (options.length >= LONGEST_LIST) break;
  }
  if (!typed.includes(":")) {
    try {
      const answer = await fetch(`${root}ontology/lookup?q=${encodeURIComponent(word.text)}`, { headers: { Accept: "application/json" } });
      const body = await answer.json();
      for (const hit of body.hits ?? []) {
        options.push({ label: hit.label, apply: written(hit.iri, declared), type: "constant", detail: hit.code });
      }
    } catch { /* no concepts, then */ }
  }
  return { from: word.from, options, filter: false };
};

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--chalk)", fontWeight: "600" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--good)" },
  { tag: [tags.variableName, tags.special(tags.variableName)], color: "var(--verdigris)" },
  { tag: tags.atom, color: "var(--verdigris)" },
  { tag: tags.comment, color: "var(--ink-soft)", fontStyle: "italic" },
]);

const look = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--sheet)", fontSize: ".92rem" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5", minHeight: "20rem", maxHeight: "70vh" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--mark) !important" },
  ".cm-gutters": { backgroundColor: "var(--sunk)", color: "var(--ink-soft)", border: "0" },
  ".cm-tooltip": { backgroundColor: "var(--sheet)", color: "var(--ink)", border: "1px solid var(--line-strong)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--chalk) !important", color: "var(--on-chalk) !important" },
  ".cm-completionDetail": { color: "inherit", opacity: ".8" },
  ".cm-matchingBracket": { backgroundColor: "var(--mark) !important", color: "inherit" },
});

for (const field of document.querySelectorAll("textarea[data-editor]")) {
  const root = field.dataset.editor;
  const host = document.createElement("div");
  host.className = "editor";
  // Within a shadow tree the editor's styles are constructed sheets, which a strict policy lets pass.
  const shadow = host.attachShadow({ mode: "open", delegatesFocus: true });
  const parent = document.createElement("div");
  shadow.append(parent);
  const label = field.labels[0]?.textContent ?? "";
  const view = new EditorView({
    root: shadow,
    parent,
    state: EditorState.create({
      doc: field.value,
      extensions: [
        lineNumbers(), history(), bracketMatching(), closeBrackets(),
        StreamLanguage.define(sparql), syntaxHighlighting(colours),
        autocompletion({ override: [complete(root)], icons: false }),
        keymap.of([
          { key: "Mod-Enter", run: () => { field.form.requestSubmit(); return true; } },
          ...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap,
        ]),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false", autocapitalize: "off" }),
        EditorView.updateListener.of((update) => { if (update.docChanged) field.value = update.state.doc.toString(); }),
        look,
      ],
    }),
  });
  field.after(host);
  field.hidden = true;
  field.labels[0]?.addEventListener("click", () => view.focus());
  // Examples are put into the field by the page's own script.
  field.addEventListener("filled", () => {
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: field.value } });
    view.focus();
  });
}
