import { useRef, useState } from "preact/hooks";
import type { Diagnostic, SourceFile } from "../../api/types";
import { plural, span } from "../../app/format";
import { Button, Card, Notice, Trouble } from "../../view/basics";
import { ask } from "../../view/dialog";
import { Icon } from "../../view/icons";
import { Editor } from "../../editor/editor";
import type { EditorHandle } from "../../editor/codemirror";
import type { Building } from "./building";

type CodeProps = { files: SourceFile[]; building: Building; checked: Diagnostic[] | undefined; onChange: (files: SourceFile[]) => void; onSave: () => void; onDeploy: () => void };

/** The endpoint's files, with what the compiler says of them. */
export function Code({ files, building, checked, onChange, onSave, onDeploy }: CodeProps) {
  const [name, setName] = useState(files[0]?.name ?? "");
  const editor = useRef<Pick<EditorHandle, "reveal">>(null);
  const shown = files.find((file) => file.name === name) ?? files[0];
  const diagnostics = checked ?? building.build?.diagnostics ?? [];
  const own = (file: string) => diagnostics.filter((diagnostic) => diagnostic.file === file);
  const add = () => {
    const typed = prompt("The file's name, such as Pets.cs or Models/Pet.cs")?.trim();
    if (!typed) return;
    const wanted = typed.endsWith(".cs") ? typed : `${typed}.cs`;
    if (!files.some((file) => file.name === wanted)) onChange([...files, { name: wanted, text: "using EdgeGw;\n\n" }]);
    setName(wanted);
  };
  const look = (diagnostic: Diagnostic) => {
    if (diagnostic.file) setName(diagnostic.file);
    requestAnimationFrame(() => editor.current?.reveal(diagnostic.line, diagnostic.column));
  };
  return (
    <Card>
      <div class="files">
        <div role="tablist" aria-label="Files" class="row" style={{ gap: "2px" }}>
          {files.map((file) => {
            const errors = own(file.name).filter((diagnostic) => diagnostic.severity === "error").length;
            return <button type="button" role="tab" class="file" key={file.name} aria-selected={file === shown} onClick={() => setName(file.name)}>{file.name}{errors > 0 && <span class="bad"> {errors}</span>}</button>;
          })}
        </div>
        <Button kind="quiet small" icon={Icon.addFile} label="Add a file" onClick={add} />
        {files.length > 1 && shown && <Button kind="quiet small" icon={Icon.trash} label={`Remove ${shown.name}`} onClick={() => ask({ title: `Remove ${shown.name}?`, text: <p>It is gone from the endpoint with the next save; earlier versions keep it.</p>, action: "Remove", danger: true, run: async () => { onChange(files.filter((file) => file !== shown)); setName(""); } })} />}
        <span class="grow" />
        <Phases building={building} />
      </div>
      {shown && <Editor handle={editor} label="Code" name={shown.name} text={shown.text} diagnostics={own(shown.name)} onChange={(changed, text) => onChange(files.map((file) => (file.name === changed ? { ...file, text } : file)))} onSave={onSave} onDeploy={onDeploy} />}
      <div role="status" aria-live="polite">
        {building.error !== undefined && <div class="body"><Trouble error={building.error} /></div>}
        {building.build?.state === "failed" && diagnostics.length === 0 && <div class="body"><Notice kind="bad" title="The build failed; the gateway's log says why." /></div>}
        {diagnostics.length > 0 && (
          <ul class="problems" aria-label={plural(diagnostics.length, "message of the compiler", "messages of the compiler")}>
            {diagnostics.map((diagnostic, i) => (
              <li key={i}><button type="button" onClick={() => look(diagnostic)}>{diagnostic.severity === "error" ? <Icon.alert class="bad" /> : <Icon.warning class="warn" />}<span class="grow wrap">{diagnostic.message}</span><span class="soft mono nowrap">{diagnostic.file && `${diagnostic.file}:${diagnostic.line}:${diagnostic.column} `}{diagnostic.code}</span></button></li>
            ))}
          </ul>
        )}
      </div>
    </Card>
  );
}

function Phases({ building }: { building: Building }) {
  const { build, under } = building;
  if (!build) return under ? <span class="phases"><span class="step now">starting</span></span> : null;
  const total = build.phases.reduce((sum, phase) => sum + phase.ms, 0);
  return (
    <span class="phases" role="status" aria-label="The build">
      {build.phases.map((phase) => <span class={`step ${phase.name === build.phase && under ? "now" : "done"}`} key={phase.name}>{phase.name} {span(phase.ms)}</span>)}
      {under && build.phase && !build.phases.some((phase) => phase.name === build.phase) && <span class="step now">{build.phase}</span>}
      {build.state === "queued" && <span class="step">waiting for its turn</span>}
      {build.state === "failed" && <span class="step failed">failed</span>}
      {build.state === "cancelled" && <span class="step">cancelled</span>}
      {build.state === "succeeded" && !under && <span class="step done">{build.cached ? "from the cache" : `built in ${span(total)}`}</span>}
      {under && <Button kind="quiet small" icon={Icon.close} label="Cancel the build" onClick={building.cancel} />}
    </span>
  );
}
