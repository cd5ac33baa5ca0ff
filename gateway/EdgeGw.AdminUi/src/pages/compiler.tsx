import { useResource } from "../api/resource";
import type { Compiler as Document } from "../api/types";
import { Card, Notice, Pending } from "../view/basics";
import { Head } from "./page";

export function Compiler() {
  const { data, error } = useResource<Document>("/compiler", ["endpoint"]);
  return (
    <>
      <Head title="Compiler">Turns source into handler libraries in this gateway. It runs the code of whoever may compile, so it is off unless somebody has switched it on.</Head>
      <Card title="State">
        {error?.status === 404 ? <div class="body"><Notice kind="warn" title="This gateway has no compiler." /></div> : !data ? <Pending error={error} /> : (
          <div class="body stack">
            {!data.enabled ? <Notice kind="warn" title="Compiling is switched off."><p>Set <code>Compile:Enabled</code> to <code>true</code> in the settings and start the gateway again. Libraries are deployed with <code>edgegw deploy</code> all the same.</p></Notice>
              : !data.available ? <Notice kind="bad" title="The compiler cannot be used."><p>{data.reason}</p></Notice> : <Notice kind="good" title="Ready to compile." />}
            <dl class="facts"><dt>SDK</dt><dd>{data.sdk ?? "none"}</dd><dt>Isolation</dt><dd>{data.isolation ?? "Compilers run apart from the gateway: without its files and without a network."}</dd><dt>Waiting builds</dt><dd>{data.queued}</dd></dl>
          </div>
        )}
      </Card>
    </>
  );
}
