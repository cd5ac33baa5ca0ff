// What is being written of one endpoint, apart from what the gateway has. It is kept in this browser until it is saved: neither a closed tab nor an ended session nor somebody else's save loses it.
import { useLayoutEffect, useState } from "preact/hooks";
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

/** An endpoint's text as it is written. What is asked of it is true at that very moment, not when the page was drawn last. */
export class Drafting {
  draft: Draft;
  dirty: boolean;
  /** Since when the text is of an earlier visit. */
  restored: string | undefined;
  /** Whether this browser has room for what is not saved. */
  kept = true;
  private base: Endpoint; // what the text began with
  private revision: number; // and its revision, which may be older than what is known of it
  private current: Endpoint; // what the gateway has
  private saving: Promise<boolean> | undefined;

  constructor(server: Endpoint, private readonly draw: () => void) {
    const found = kept(server.id);
    const began = found && !same(found.draft, draftOf(server)) ? found : undefined;
    this.base = this.current = server;
    this.draft = began?.draft ?? draftOf(server);
    this.revision = began?.revision ?? server.revision;
    this.restored = began?.at;
    this.dirty = began !== undefined;
  }

  /** What the gateway has, when that is not what this text began with. */
  get theirs(): Endpoint | undefined {
    return !this.saving && this.current.revision !== this.revision ? this.current : undefined;
  }

  /** The gateway tells what it has; it may do so at any time, and late. */
  receive(server: Endpoint) {
    if (server.revision < this.current.revision) return;
    this.current = server;
    if (server.revision === this.revision) this.base = server;
    else if (!this.dirty && !this.saving) this.adopt();
    this.tell();
  }

  change = (part: Partial<Draft> | ((draft: Draft) => Partial<Draft>)) => {
    this.draft = { ...this.draft, ...(typeof part === "function" ? part(this.draft) : part) };
    this.tell();
  };

  /** Saves what is written now; false when somebody else has saved meanwhile, and `theirs` is what. */
  save = async (): Promise<boolean> => {
    while (this.saving) await this.saving.catch(() => false);
    if (!this.dirty && !this.theirs) return true;
    this.saving = this.put();
    this.draw();
    try {
      return await this.saving;
    } finally {
      this.saving = undefined;
      this.tell();
    }
  };

  /** Goes on with this text, on top of theirs. */
  keepMine = () => {
    this.base = this.current;
    this.revision = this.current.revision;
    this.tell();
  };

  /** Goes on with what the gateway has. */
  discard = () => {
    this.adopt();
    this.tell();
  };

  private adopt() {
    this.base = this.current;
    this.revision = this.current.revision;
    this.draft = draftOf(this.current);
    this.restored = undefined;
  }

  private async put() {
    const sent = this.draft;
    const path = `/endpoints/${this.base.id}`;
    try {
      const { data: saved } = await call<Endpoint>("PUT", path, { body: bodyOf(sent, this.base), ifMatch: this.revision });
      this.base = saved;
      this.revision = saved.revision;
      if (saved.revision >= this.current.revision) this.current = saved;
      if (this.draft === sent) this.draft = draftOf(saved); // the gateway may write it another way; who went on typing keeps what was typed
      this.restored = undefined;
      return true;
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 412) throw error;
      this.current = await get<Endpoint>(path);
      return false;
    }
  }

  private tell() {
    this.dirty = !same(this.draft, draftOf(this.base));
    const key = keyOf(this.base.id);
    try {
      if (this.dirty) localStorage.setItem(key, JSON.stringify({ revision: this.revision, at: new Date().toISOString(), draft: this.draft } satisfies Kept));
      else localStorage.removeItem(key);
      this.kept = true;
    } catch {
      this.kept = false; // no room, or none that the browser gives
    }
    this.draw();
  }
}

/** `server` is what the gateway has; it may change under the draft at any time. */
export function useDraft(server: Endpoint): Drafting {
  const [, draw] = useState({});
  const [drafting] = useState(() => new Drafting(server, () => draw({})));
  useLayoutEffect(() => drafting.receive(server), [server]);
  return drafting;
}
