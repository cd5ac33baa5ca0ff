import { useRef, useState } from "preact/hooks";
import { get, part, post } from "../../api/client";
import { refreshAll, useResource } from "../../api/resource";
import type { Endpoint, EndpointVersion, Page, SourceFile } from "../../api/types";
import { may } from "../../app/session";
import { toast } from "../../app/toasts";
import { Button, Card, Empty, Pending, When } from "../../view/basics";
import { ask } from "../../view/dialog";
import { Diff } from "../../view/diff";
import { Icon } from "../../view/icons";

const filesOf = (version: EndpointVersion | undefined) => version?.content?.source?.files;

/** What was deployed as this endpoint, with its source; going back is a pointer swap to code that is still loaded. `trial`: the library on trial, which is promoted or aborted before anything else. */
export function Versions({ endpoint, files, trial }: { endpoint: Endpoint; files: SourceFile[]; trial: string | undefined }) {
  const { data, error } = useResource<Page<EndpointVersion>>(`/endpoints/${part(endpoint.id)}/versions`, ["deployment", "epoch", "endpoint"]);
  const [open, setOpen] = useState<EndpointVersion>();
  const wanted = useRef<number | undefined>(undefined);
  const compare = async (version: EndpointVersion) => {
    wanted.current = open?.version === version.version ? undefined : version.version;
    if (wanted.current === undefined) return setOpen(undefined);
    const found = await get<EndpointVersion>(`/endpoints/${part(endpoint.id)}/versions/${version.version}`);
    if (wanted.current === found.version) setOpen(found);
  };
  const back = (version: EndpointVersion) => ask({
    title: `Serve version ${version.version} again?`, text: <p>Requests under way end in the version that they began in. What is in the editor stays as it is.</p>, action: "Roll back",
    run: async () => {
      await post(`/endpoints/${part(endpoint.id)}/rollback`, { version: version.version });
      toast({ kind: "good", title: `${endpoint.name}: version ${version.version} serves again` });
      await refreshAll("/endpoints");
    },
  });
  return (
    <Card title="Versions" note="each deploy is one">
      {!data ? <Pending error={error} /> : data.items.length === 0 ? <Empty icon={Icon.history} title="Not deployed yet"><p>Each deploy is kept here with its source, to be compared and gone back to.</p></Empty> : (
        <ul class="list">
          {data.items.map((version) => (
            <li key={version.version} style={{ flexDirection: "column" }}>
              <div class="row wraps" style={{ width: "100%" }}>
                <strong>v{version.version}</strong><code class="soft" title={version.sha256}>{version.sha256.slice(0, 8)}</code>{version.live && <span class="pill good">live</span>}{version.sha256 === trial && !version.live && <span class="pill warn">canary</span>}
                <span class="soft grow truncate">by {version.principal}</span><When time={version.created} />
                <Button kind="quiet small" icon={Icon.compare} aria-expanded={open?.version === version.version} onClick={() => compare(version)}>Compare with the editor</Button>
                {!version.live && version.kept && !trial && <Button kind="small" icon={Icon.undo} disabled={!may("deploy")} onClick={() => back(version)}>Roll back</Button>}
                {!version.kept && <span class="soft">its library is no longer kept</span>}
              </div>
              {open?.version === version.version && <Compared version={open} files={files} />}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function Compared({ version, files }: { version: EndpointVersion; files: SourceFile[] }) {
  const old = filesOf(version);
  if (!old) return <p class="soft">It was deployed as a library, without source.</p>;
  const names = [...new Set([...old, ...files].map((file) => file.name))];
  const text = (of: SourceFile[], name: string) => of.find((file) => file.name === name)?.text ?? "";
  const different = names.filter((name) => text(old, name) !== text(files, name));
  return <div class="stack tight" style={{ width: "100%", minWidth: 0 }}>{different.length === 0 ? <p class="soft">The editor has the same source.</p> : different.map((name) => <section key={name}><h3><code>{name}</code></h3><Diff label={`Differences in ${name}`} before={text(old, name)} after={text(files, name)} /></section>)}</div>;
}
