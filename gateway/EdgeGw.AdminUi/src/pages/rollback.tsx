import { post } from "../api/client";
import { refreshAll, useResource } from "../api/resource";
import type { Change, Status } from "../api/types";
import { plural, span } from "../app/format";
import { may } from "../app/session";
import { toast } from "../app/toasts";
import { Button } from "../view/basics";
import { ask } from "../view/dialog";
import { Icon } from "../view/icons";

async function rollBack(body: object) {
  const change = await post<Change>("/rollbacks", body);
  toast({ kind: "good", title: `Epoch ${change.epoch}: ${change.reason}`, detail: `${plural(change.handlers.length, "handler")} in ${span(change.elapsedMs)}; no request was lost.` });
  await refreshAll("/");
}

/** Back to a handler's version before, or to an earlier epoch: a pointer swap to code that is still loaded. */
export function RollbackButton({ handler, epoch, kind = "small", children = "Roll back" }: { handler?: string; epoch?: number; kind?: string; children?: string }) {
  return (
    <Button kind={kind} icon={Icon.undo} disabled={!may("deploy")} onClick={() => ask({
      title: handler ? `Roll ${handler} back?` : `Go back to epoch ${epoch}?`,
      text: handler ? "Its version before serves at once; requests under way end in the version that they began in." : "Routes, handlers and services become what they were in that epoch, as a new epoch. Requests under way are not touched.",
      action: "Roll back", run: () => rollBack(handler ? { handler } : { epoch }),
    })}>{children}</Button>
  );
}

/** What serves now in the place of a version that is blamed; the way back, while that version itself does. */
export function Served({ handler, instead, kind }: { handler: string; instead: string | null; kind?: string }) {
  const { data } = useResource<Status>("/status", ["epoch", "quarantine"]);
  const current = data?.handlers.find((known) => known.name === handler);
  if (!data) return null;
  if (!current) return <span class="pill">no longer deployed</span>;
  return current.version === instead && current.state !== "quarantined" ? <RollbackButton handler={handler} kind={kind ?? "small"}>{`Roll ${handler} back`}</RollbackButton>
    : current.state === "quarantined" ? <span class="pill bad">answers 503</span> : <span class="pill good">{current.version} serves</span>;
}
