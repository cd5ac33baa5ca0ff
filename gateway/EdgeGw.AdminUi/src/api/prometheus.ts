// Reads the Prometheus text of /metrics.
export interface Sample { name: string; labels: Record<string, string>; value: number }

const line = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const label = /(\w+)="((?:[^"\\]|\\.)*)"/g;

export function* samples(text: string): Generator<Sample> {
  for (const row of text.split("\n")) {
    if (row.length === 0 || row[0] === "#") continue;
    const found = line.exec(row);
    if (!found) continue;
    const labels: Record<string, string> = {};
    if (found[2]) for (const [, key, value] of found[2].matchAll(label)) labels[key!] = value!.replace(/\\(.)/g, (_, c: string) => (c === "n" ? "\n" : c));
    yield { name: found[1]!, labels, value: Number(found[3]) };
  }
}
