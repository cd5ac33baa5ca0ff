// What is being written of one endpoint, apart from what the gateway has. It is kept in this browser until it is saved: neither a closed tab nor an ended session nor somebody else's save loses it.
import { useEffect, useMemo, useState } from "preact/hooks";
import { Problem, call, get } from "../../api/client";
import type { Endpoint, Limits, Package, SourceFile } from "../../api/types";

export interface Draft { collection: string; name: string; method: string; path: string; description: string; files: SourceFile[]; packages: Package[]; services: Record<string, string>; limits: Limits; settings: Record<string, string> }

export const draftOf = (endpoint: Endpoint): Draft => ({
  collection: endpoint.collection ?? "", name: endpoint.name, method: endpoint.method ?? "", path: endpoint.path ?? "", description: endpoint.description,
  files: endpoint.source?.files ?? [], packages: endpoint.source?.packages ?? [], services: endpoint.services, limits: Object.fromEntries(Object.entries(endpoint.limits).filter(([, value]) => value !== null)), settings: endpoint.settings,
});

const bodyOf = (draft: Draft, endpoint: Endpoint) => ({
  collection: draft.collection, name: draft.name, ...(endpoint.kind === "source" ? { method: draft.method, path: draft.path, source: { files: draft.files, packages: draft.packages } } : {}),
  description: draft.description, kind: endpoint.kind, services: draft.services, limits: draft.limits, settings: draft.settings,
});

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
const keyOf = (id: string) => `edgegw.draft.${id}`;

interface Kept { revision: number; at: string; draft: Draft }

function kept(id: string): Kept | undefined {
  try {
    return JSON.parse(localStorage.getItem(keyOf(id)) ?? "") as Kept;
  } catch {
    return undefined;
  }
}

export interface Drafting {
  draft: Draft; base: Endpoint; dirty: boolean;
  /** What the gateway has now, when that is not what this draft began with. */
  theirs: Endpoint | undefined;
  /** Since when the text is of an earlier visit. */
  restored: string | undefined;
  change: (part: Partial<Draft>) => void;
  /** Saves; false when somebody else has saved meanwhile, and `theirs` is what. */
  save: () => Promise<boolean>;
  /** Goes on with this text, on top of theirs. */
  keepMine: () => void;
  takeTheirs: () => void;
  discard: () => void;
}

/** `server` is what the gateway has; it may change under the draft at any time. */
export function useDraft(server: Endpoint): Drafting {
  const found = useMemo(() => kept(server.id), [server.id]);
  const began = found && !same(found.draft, draftOf(server)) ? found : undefined;
  const [base, setBase] = useState(server);
  const [draft, setDraft] = useState<Draft>(began?.draft ?? draftOf(server));
  const [baseRevision, setBaseRevision] = useState(began?.revision ?? server.revision);
  const [restored, setRestored] = useState(began?.at);
  const [current, setCurrent] = useState(server);
  const dirty = !same(draft, draftOf(base));

  const adopt = (endpoint: Endpoint, text: Draft | undefined) => {
    setBase(endpoint);
    setCurrent(endpoint);
    setBaseRevision(endpoint.revision);
    setRestored(undefined);
    if (text) setDraft(text);
  };
  useEffect(() => {
    if (server.revision < current.revision) return; // an answer that was on its way while a newer one came
    setCurrent(server);
    if (server.revision === baseRevision) setBase(server);
    else if (!dirty) adopt(server, draftOf(server));
  }, [server]);
  useEffect(() => {
    if (dirty) localStorage.setItem(keyOf(server.id), JSON.stringify({ revision: baseRevision, at: new Date().toISOString(), draft } satisfies Kept));
    else localStorage.removeItem(keyOf(server.id));
  }, [draft, dirty, baseRevision]);

  return {
    draft, base, dirty, restored,
    theirs: current.revision !== baseRevision ? current : undefined,
    change: (part) => setDraft((before) => ({ ...before, ...part })),
    save: async () => {
      if (!dirty && current.revision === baseRevision) return true;
      try {
        const { data } = await call<Endpoint>("PUT", `/endpoints/${server.id}`, { body: bodyOf(draft, base), ifMatch: baseRevision });
        const saved = data && data.id ? data : await get<Endpoint>(`/endpoints/${server.id}`);
        setBase(saved);
        setDraft((now) => (now === draft ? draftOf(saved) : now)); // the gateway may write it another way; who went on typing keeps what was typed
        setCurrent(saved);
        setBaseRevision(saved.revision);
        setRestored(undefined);
        return true;
      } catch (error) {
        if (!(error instanceof Problem) || error.status !== 412) throw error;
        setCurrent(await get<Endpoint>(`/endpoints/${server.id}`));
        return false;
      }
    },
    keepMine: () => { setBase(current); setBaseRevision(current.revision); },
    takeTheirs: () => adopt(current, draftOf(current)),
    discard: () => adopt(current, draftOf(current)),
  };
}
