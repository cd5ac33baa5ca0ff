// A build and what comes of it, followed to its end.
import { useEffect, useState } from "preact/hooks";
import { Problem, get, post, remove } from "../../api/client";
import { refreshAll } from "../../api/resource";
import type { Build } from "../../api/types";

const ended = (build: Build) => build.state === "succeeded" || build.state === "failed" || build.state === "cancelled";

export class Building {
  build: Build | undefined;
  what: "compile" | "deploy" | undefined;
  /** Whether one is asked for or runs. */
  under = false;
  error: unknown;
  private stream: EventSource | undefined;
  private turn = 0; // rises with each build that is looked at: what is still on its way of one before is not shown

  constructor(private readonly endpoint: string, private readonly draw: () => void) {}

  /** What somebody has built before, or another window builds now. */
  async look(id: string) {
    if (this.under || id === this.build?.id) return;
    await this.run(async () => {
      try {
        return await get<Build>(`/builds/${id}`);
      } catch (error) {
        if (error instanceof Problem && error.status === 404) return undefined; // builds are forgotten with the program
        throw error;
      }
    });
  }

  /** `canary`: the per cent of the requests that a deploy is tried with. */
  start = async (what: "compile" | "deploy", canary?: number) => {
    if (this.under) return;
    this.what = what;
    this.under = true;
    this.error = undefined;
    this.draw();
    await this.run(() => post<Build>(`/endpoints/${this.endpoint}/${what}`, what === "deploy" ? { canary } : undefined));
  };

  cancel = async () => { if (this.build) await remove(`/builds/${this.build.id}`); };

  leave() {
    this.turn++;
    this.stream?.close();
  }

  private async run(begin: () => Promise<Build | undefined>) {
    const turn = ++this.turn;
    try {
      const begun = await begin();
      if (begun && turn === this.turn) await this.follow(begun);
    } catch (error) {
      if (turn === this.turn) this.error = error;
    }
    if (turn !== this.turn) return;
    this.under = false;
    this.draw();
    await refreshAll("/endpoints");
  }

  private show(build: Build) {
    this.build = build;
    this.under = !ended(build);
    this.draw();
  }

  private follow(build: Build) {
    this.show(build);
    if (ended(build)) return Promise.resolve();
    return new Promise<void>((done, failed) => {
      const stream = this.stream = new EventSource(`/api/v1/builds/${build.id}/events`);
      const tell = (now: Build) => {
        this.show(now);
        if (!ended(now)) return;
        stream.close();
        done();
      };
      stream.addEventListener("build", (event) => tell(JSON.parse((event as MessageEvent<string>).data) as Build));
      stream.onerror = () => { if (stream.readyState === EventSource.CLOSED) get<Build>(`/builds/${build.id}`).then(tell, failed); };
    });
  }
}

/** `known` is the endpoint's newest build as the gateway tells of it. */
export function useBuilding(endpoint: string, known: string | undefined): Building {
  const [, draw] = useState({});
  const [building] = useState(() => new Building(endpoint, () => draw({})));
  useEffect(() => { if (known) void building.look(known); }, [known]);
  useEffect(() => () => building.leave(), []);
  return building;
}
