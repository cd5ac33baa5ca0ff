// What the compiler says of a source while it is being written: asked when the writing pauses, and not any more once it goes on.
import { useEffect, useState } from "preact/hooks";
import { call } from "../../api/client";
import type { Check, Diagnostic, SourceFile } from "../../api/types";
import type { Draft } from "./draft";

const pauseMs = 1200;

/** The newest messages since `build`, which says more; nothing while there are none. `shared`: the collection's files; nothing is checked while they are not known. */
export function useChecking(draft: Draft, shared: SourceFile[] | undefined, build: string | undefined, wanted: boolean): Diagnostic[] | undefined {
  const text = JSON.stringify([draft.files, draft.packages, draft.method, draft.path, shared]);
  const [found, setFound] = useState<{ build: string | undefined; diagnostics: Diagnostic[] }>();
  useEffect(() => {
    if (!wanted || !shared) return;
    const gone = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const { data } = await call<Check>("POST", "/compile", { body: { name: draft.name, method: draft.method, path: draft.path, files: draft.files, shared, packages: draft.packages }, signal: gone.signal });
        if (!gone.signal.aborted) setFound({ build, diagnostics: data.diagnostics });
      } catch {
        // a check that could not be made says nothing; compiling will
      }
    }, pauseMs);
    return () => {
      clearTimeout(timer);
      gone.abort();
    };
  }, [text, build, wanted]);
  return found?.build === build ? found?.diagnostics : undefined;
}
