/** What may be done, as the gateway names it. */
export const scopes: [string, string][] = [
  ["read", "See everything but users, keys and the audit log"],
  ["deploy", "Deploy, roll back, change endpoints, try requests"],
  ["services", "Add, change, test and remove services"],
  ["compile", "Compile source: run code on this machine"],
  ["admin", "Everything, users and keys too"],
];

export function ScopeChoice({ chosen, onChoose }: { chosen: string[]; onChoose: (scopes: string[]) => void }) {
  return (
    <fieldset style={{ border: 0, margin: 0, padding: 0 }} class="form">
      <legend class="label" style={{ fontWeight: 530, padding: 0 }}>Scopes</legend>
      {scopes.map(([name, meaning]) => (
        <label class="check" key={name}>
          <input type="checkbox" checked={chosen.includes(name)} onChange={(event) => onChoose(event.currentTarget.checked ? [...chosen, name] : chosen.filter((held) => held !== name))} />
          <span><strong>{name}</strong> <span class="soft">{meaning}</span></span>
        </label>
      ))}
    </fieldset>
  );
}

export const Scopes = ({ held }: { held: string[] }) => <span class="row wraps" style={{ gap: "4px" }}>{held.map((scope) => <span class={`pill ${scope === "admin" ? "warn" : ""}`} key={scope}>{scope}</span>)}</span>;
