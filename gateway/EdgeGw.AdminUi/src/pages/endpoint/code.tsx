import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Diagnostic, SourceFile } from "../../api/types";
import { plural, span } from "../../app/format";
import { arrows } from "../../view/arrows";
import { Button, Card, Notice, Trouble } from "../../view/basics";
import { ask } from "../../view/dialog";
import { Icon } from "../../view/icons";
import { Editor } from "../../editor/editor";
import type { EditorHandle } from "../../editor/codemirror";
import type { Building } from "./building";

type CodeProps = { files: SourceFile[]; building: Building; checked: Diagnostic[] | undefined; onChange: (change: (files: SourceFile[]) => SourceFile[]) => void; onSave: () => void; onDeploy: () => void };

const none: Diagnostic[] = [];

/** The endpoint's files, with what the compiler says of them. */
export function Code({ files, building, checked, onChange, onSave, onDeploy }: CodeProps) {
  const [name, setName] = useState(files[0]?.name ?? "");
  const editor = useRef<Pick<EditorHandle, "reveal">>(null);
  const shown = files.find((file) => file.name === name) ?? files[0];
  const diagnostics = checked ?? building.build?.diagnostics ?? none;
  // The same list as long as nothing new is said: the editor moves its marks along with what is written.
  const marks = useMemo(() => diagnostics.filter((diagnostic) => diagnostic.file === shown?.name), [diagnostics, shown?.name]);
  const [wanted, setWanted] = useState<Diagnostic>();
  useLayoutEffect(() => { if (wanted) editor.current?.reveal(wanted.line, wanted.column); }, [wanted]);
  const add = () => {
    const typed = prompt("The file's name, such as Pets.cs or Models/Pet.cs")?.trim();
    if (!typed) return;
    const added = typed.endsWith(".cs") ? typed : `${typed}.cs`;
    onChange((before) => (before.some((file) => file.name === added) ? before : [...before, { name: added, text: "using EdgeGw;\n\n" }]));
    setName(added);
  };
  const look = (diagnostic: Diagnostic) => {
    if (diagnostic.file) setName(diagnostic.file);
    setWanted({ ...diagnostic });
  };
  return (
    <Card>
      <div class="files">
        <div role="tablist" aria-label="Files" class="row" style={{ gap: "2px" }} onKeyDown={(event) => arrows(event, files.map((file) => file.name), shown?.name ?? "", setName)}>
          {files.map((file) => {
            const errors = diagnostics.filter((diagnostic) => diagnostic.file === file.name && diagnostic.severity === "error").length;
            return <button type="button" role="tab" class="file" key={file.name} data-key={file.name} aria-selected={file === shown} tabIndex={file === shown ? 0 : -1} onClick={() => setName(file.name)}>{file.name}{errors > 0 && <span class="bad"> {errors}</span>}</button>;
          })}
        </div>
        <Button kind="quiet small" icon={Icon.addFile} label="Add a file" onClick={add} />
        {files.length > 1 && shown && <Button kind="quiet small" icon={Icon.trash} label={`Remove ${shown.name}`} onClick={() => ask({ title: `Remove ${shown.name}?`, text: <p>It is gone from the endpoint with the next save; earlier versions keep it.</p>, action: "Remove", danger: true, run: async () => { onChange((before) => before.filter((file) => file.name !== shown.name)); setName(""); } })} />}
        <span class="grow" />
        <Phases building={building} />
      </div>
      {shown && <Editor handle={editor} label="Code" name={shown.name} text={shown.text} diagnostics={marks} onChange={(changed, text) => onChange((before) => before.map((file) => (file.name === changed ? { ...file, text } : file)))} onSave={onSave} onDeploy={onDeploy} />}
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
