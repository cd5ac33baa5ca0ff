// A build and what comes of it, followed to its end.
import { useEffect, useRef, useState } from "preact/hooks";
import { Problem, get, post, remove } from "../../api/client";
import { refreshAll } from "../../api/resource";
import type { Build } from "../../api/types";

const everyMs = 200;
const ended = (build: Build) => build.state === "succeeded" || build.state === "failed" || build.state === "cancelled";

export interface Building { build: Build | undefined; what: "compile" | "deploy" | undefined; under: boolean; error: unknown; start: (what: "compile" | "deploy") => Promise<void>; cancel: () => Promise<void> }

export function useBuilding(endpoint: string, known: string | undefined): Building {
  const [build, setBuild] = useState<Build>();
  const [what, setWhat] = useState<"compile" | "deploy">();
  const [under, setUnder] = useState(false);
  const [error, setError] = useState<unknown>();
  const following = useRef<string | undefined>(undefined);

  const follow = async (id: string) => {
    following.current = id;
    setUnder(true);
    try {
      while (following.current === id) {
        const now = await get<Build>(`/builds/${id}`);
        if (following.current !== id) return;
        setBuild(now);
        if (ended(now)) break;
        await new Promise((done) => setTimeout(done, everyMs));
      }
    } catch (caught) {
      setError(caught);
    }
    if (following.current === id) {
      setUnder(false);
      await refreshAll("/endpoints");
    }
  };

  // What somebody has built before, or another window builds now.
  useEffect(() => {
    if (known && known !== build?.id && !under) void get<Build>(`/builds/${known}`).then((found) => { setBuild(found); if (!ended(found)) void follow(found.id); }).catch((caught: unknown) => { if (!(caught instanceof Problem && caught.status === 404)) setError(caught); });
  }, [known]);
  useEffect(() => () => { following.current = undefined; }, []);

  return {
    build, what, under, error,
    start: async (wanted) => {
      setError(undefined);
      setWhat(wanted);
      setUnder(true);
      try {
        const begun = await post<Build>(`/endpoints/${endpoint}/${wanted}`, wanted === "deploy" ? {} : undefined);
        setBuild(begun);
        await follow(begun.id);
      } catch (caught) {
        setUnder(false);
        setError(caught);
      }
    },
    cancel: async () => { if (build) await remove(`/builds/${build.id}`); },
  };
}
