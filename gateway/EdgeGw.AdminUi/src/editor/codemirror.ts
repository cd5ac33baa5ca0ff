// CodeMirror, put together from the pieces that the page needs; loaded with the first editor. It lives in a shadow root: there its styles are constructed sheets, which the page's
// Content-Security-Policy permits without a word about inline styles.
import { closeBrackets, closeBracketsKeymap, completionKeymap, autocompletion, completeAnyWord } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { csharp } from "@codemirror/legacy-modes/mode/clike";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { Diagnostic } from "../api/types";

export interface EditorHandle {
  /** Shows a file; what was undone and selected in it before is still there. */
  show(name: string, text: string): void;
  mark(diagnostics: Diagnostic[]): void;
  reveal(line: number, column: number): void;
  select(from: number, to: number): void;
  destroy(): void;
}

const look = EditorView.theme({
  "&": { height: "100%", fontSize: "13px", color: "var(--text)", backgroundColor: "var(--surface)" },
  "&.cm-focused": { outline: "none" }, // its host has it
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6" },
  ".cm-content": { padding: "8px 0", caretColor: "var(--text)" },
  ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--soft)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--hover) 55%, transparent)" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "color-mix(in srgb, var(--accent) 28%, transparent)" },
  ".cm-selectionMatch": { backgroundColor: "color-mix(in srgb, var(--accent) 16%, transparent)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "color-mix(in srgb, var(--accent) 24%, transparent)" },
  ".cm-panels": { backgroundColor: "var(--sunken)", color: "var(--text)", borderColor: "var(--line)" },
  ".cm-textfield": { backgroundColor: "var(--surface)", color: "var(--text)", border: "1px solid var(--line-strong)", borderRadius: "5px", font: "inherit" },
  ".cm-button": { backgroundImage: "none", backgroundColor: "var(--surface)", color: "var(--text)", border: "1px solid var(--line-strong)", borderRadius: "5px" },
  ".cm-tooltip": { backgroundColor: "var(--raised)", color: "var(--text)", border: "1px solid var(--line-strong)", borderRadius: "8px", boxShadow: "var(--shadow)", overflow: "hidden" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent-fill)", color: "var(--on-accent)" },
  ".cm-diagnostic": { fontFamily: "var(--font)", padding: "6px 10px", borderLeftWidth: "3px", maxWidth: "70ch" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--bad)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--warn)" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--bad)", textUnderlineOffset: "3px" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline wavy var(--warn)", textUnderlineOffset: "3px" },
  ".cm-lint-marker": { width: "0.75em", height: "0.75em", borderRadius: "50%", marginTop: "0.45em" },
  ".cm-lint-marker-error": { content: "none", backgroundColor: "var(--bad)" },
  ".cm-lint-marker-warning": { content: "none", backgroundColor: "var(--warn)" },
});

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier], color: "var(--code-keyword)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.atom, tags.null], color: "var(--code-number)" },
  { tag: [tags.comment, tags.meta], color: "var(--soft)" },
  { tag: [tags.typeName, tags.className, tags.standard(tags.variableName)], color: "var(--code-type)" },
  { tag: tags.definition(tags.variableName), color: "var(--code-name)" },
]);

const extensions: Extension[] = [
  lineNumbers(), highlightActiveLineGutter(), history(), drawSelection(), EditorState.allowMultipleSelections.of(true), indentOnInput(), bracketMatching(), closeBrackets(),
  autocompletion({ override: [completeAnyWord], activateOnTyping: false }), highlightActiveLine(), highlightSelectionMatches(), search({ top: true }), indentUnit.of("    "), EditorState.tabSize.of(4),
  StreamLanguage.define(csharp), syntaxHighlighting(colours), lintGutter(), look,
];

export function createEditor(host: HTMLElement, label: string, readOnly: boolean, onChange: (name: string, text: string) => void, save: () => void, deploy: () => void): EditorHandle {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open", delegatesFocus: true });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(":host { display: block } .room { height: 100%; border-radius: inherit; overflow: hidden }");
  root.adoptedStyleSheets = [sheet];
  const room = document.createElement("div");
  room.className = "room";
  root.replaceChildren(room);
  const states = new Map<string, EditorState>();
  let shown = "";
  const stateOf = (name: string, text: string) => EditorState.create({
    doc: text,
    extensions: [
      keymap.of([
        { key: "Mod-s", preventDefault: true, run: () => { save(); return true; } },
        { key: "Mod-Enter", preventDefault: true, run: () => { deploy(); return true; } },
        ...closeBracketsKeymap, ...completionKeymap, ...searchKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap, indentWithTab,
      ]),
      extensions, EditorView.contentAttributes.of({ tabindex: "0", "aria-label": `${label}: ${name}` }), EditorState.readOnly.of(readOnly),
      EditorView.updateListener.of((update) => { if (update.docChanged && name === shown) onChange(name, update.state.doc.toString()); }),
    ],
  });
  const view = new EditorView({ parent: room, root, state: EditorState.create({}) });
  return {
    show(name, text) {
      if (shown === name && view.state.doc.toString() === text) return;
      if (shown) states.set(shown, view.state);
      shown = name;
      const kept = states.get(name);
      view.setState(kept && kept.doc.toString() === text ? kept : stateOf(name, text));
    },
    mark(diagnostics) {
      const { doc } = view.state;
      const at = (line: number, column: number) => { const found = doc.line(Math.min(Math.max(line, 1), doc.lines)); return Math.min(found.from + Math.max(column - 1, 0), found.to); };
      view.dispatch(setDiagnostics(view.state, diagnostics.map((diagnostic) => {
        const from = at(diagnostic.line, diagnostic.column);
        const severity = diagnostic.severity === "error" ? "error" as const : diagnostic.severity === "warning" ? "warning" as const : "info" as const;
        return { from, to: Math.max(from, at(diagnostic.endLine, diagnostic.endColumn)), severity, source: diagnostic.code, message: diagnostic.message };
      })));
    },
    reveal(line, column) {
      const found = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
      const anchor = Math.min(found.from + Math.max(column - 1, 0), found.to);
      view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
      view.focus();
    },
    select(from, to) {
      view.dispatch({ selection: { anchor: Math.min(from, view.state.doc.length), head: Math.min(to, view.state.doc.length) } });
      view.focus();
    },
    destroy: () => view.destroy(),
  };
}
