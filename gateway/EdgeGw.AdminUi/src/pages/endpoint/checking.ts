// What the compiler says of a source while it is being written: asked when the writing pauses, and not any more once it goes on.
import { useEffect, useState } from "preact/hooks";
import { call } from "../../api/client";
import type { Check, Diagnostic } from "../../api/types";
import type { Draft } from "./draft";

const pauseMs = 1200;

/** The messages for this very text; nothing while it is not known. */
export function useChecking(draft: Draft, wanted: boolean): Diagnostic[] | undefined {
  const text = JSON.stringify([draft.files, draft.packages, draft.method, draft.path]);
  const [found, setFound] = useState<{ text: string; diagnostics: Diagnostic[] }>();
  useEffect(() => {
    if (!wanted) return;
    const gone = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const { data } = await call<Check>("POST", "/compile", { body: { name: draft.name, method: draft.method, path: draft.path, files: draft.files, packages: draft.packages }, signal: gone.signal });
        setFound({ text, diagnostics: data.diagnostics });
      } catch {
        // a check that could not be made says nothing; compiling will
      }
    }, pauseMs);
    return () => {
      clearTimeout(timer);
      gone.abort();
    };
  }, [text, wanted]);
  return found?.text === text ? found.diagnostics : undefined;
}
