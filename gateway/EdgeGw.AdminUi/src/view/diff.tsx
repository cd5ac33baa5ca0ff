import { diffLines } from "diff";

const context = 3;

interface Row { kind: "" | "added" | "removed"; before: number | undefined; after: number | undefined; text: string }

function rows(before: string, after: string): Row[] {
  const found: Row[] = [];
  let [b, a] = [0, 0];
  for (const change of diffLines(before, after)) {
    for (const text of change.value.replace(/\n$/, "").split("\n")) {
      if (change.added) found.push({ kind: "added", before: undefined, after: ++a, text });
      else if (change.removed) found.push({ kind: "removed", before: ++b, after: undefined, text });
      else found.push({ kind: "", before: ++b, after: ++a, text });
    }
  }
  return found;
}

/** Two texts, line by line; what is the same is folded away but for some lines around each difference. */
export function Diff({ label, before, after }: { label: string; before: string; after: string }) {
  const all = rows(before, after);
  const near = all.map((_, i) => all.slice(Math.max(i - context, 0), i + context + 1).some((row) => row.kind));
  if (!all.some((row) => row.kind)) return <p class="soft">No difference.</p>;
  return (
    <div class="diff code" role="region" aria-label={label} tabIndex={0}>
      {all.map((row, i) => near[i]
        ? <div class={row.kind} key={i}><span class="n">{row.before}</span><span class="n">{row.after}</span><span>{row.kind === "added" ? "+" : row.kind === "removed" ? "−" : ""}</span><span>{row.text}</span></div>
        : near[i - 1] || i === 0 ? <span class="skip" key={i}>… {near.slice(i).indexOf(true) < 0 ? all.length - i : near.slice(i).indexOf(true)} lines the same</span> : null)}
    </div>
  );
}
