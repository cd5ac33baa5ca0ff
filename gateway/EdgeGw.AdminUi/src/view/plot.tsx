// A plot over time with uPlot, which is loaded with the first one.
import type uPlot from "uplot";
import { useEffect, useRef, useState } from "preact/hooks";
import { themeRevision } from "../app/theme";

export interface Line { label: string; color: 1 | 2 | 3 | 4; fill?: boolean }
type PlotProps = { label: string; lines: Line[]; data: (number | null)[][]; unit: (value: number) => string; least?: number; tall?: boolean };

const gap = 2; // a plot of one point is none

export function Plot({ label, lines, data, unit, least = 1, tall }: PlotProps) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const latest = useRef(data);
  latest.current = data;
  const [failed, setFailed] = useState(false);
  const enough = (data[0]?.length ?? 0) >= gap;

  useEffect(() => {
    if (!enough || !host.current) return;
    let gone = false;
    const room = host.current;
    const resized = new ResizeObserver(() => plot.current?.setSize({ width: room.clientWidth, height: room.clientHeight }));
    void import("uplot").then(({ default: UPlot }) => {
      if (gone) return;
      // A canvas knows nothing of light-dark(): a painted element says which colour holds.
      const probe = room.appendChild(document.createElement("i"));
      const colour = (value: string) => { probe.style.color = value; return getComputedStyle(probe).color; };
      const axis = { stroke: colour("var(--soft)"), grid: { stroke: colour("var(--line)"), width: 1 }, ticks: { show: false }, font: "11px system-ui, sans-serif" };
      const series = lines.map((line) => { const stroke = colour(`var(--plot-${line.color})`); return { label: line.label, stroke, width: 1.6, points: { show: false }, ...(line.fill ? { fill: stroke.replace("rgb(", "rgba(").replace(")", ", 0.12)") } : {}) }; });
      probe.remove();
      plot.current = new UPlot({
        width: room.clientWidth, height: room.clientHeight, legend: { show: false }, padding: [6, 24, 0, 0],
        cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false }, sync: { key: "traffic" } },
        scales: { y: { range: (_, __, max) => [0, Math.max(max * 1.15, least)] } },
        axes: [{ ...axis, size: 22, space: 70, values: (_, at) => at.map((s) => new Date(s * 1000).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" })) }, { ...axis, size: 54, space: 30, values: (_, at) => at.map(unit) }],
        series: [{}, ...series],
      }, latest.current as uPlot.AlignedData, room);
      resized.observe(room);
    }).catch(() => setFailed(true));
    return () => {
      gone = true;
      resized.disconnect();
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [enough, themeRevision.value]);

  useEffect(() => plot.current?.setData(data as uPlot.AlignedData), [data]);

  const last = lines.map((line, i) => { const value = data[i + 1]?.at(-1); return value == null ? "" : `${line.label} ${unit(value)}`; }).filter(Boolean).join(", ");
  return <div class={`plot ${tall ? "tall" : ""}`} role="img" aria-label={`${label}: ${last || "no figures yet"}`} ref={host}>{(!enough || failed) && <span class="waiting">{failed ? "The plot could not be loaded." : "Waiting for figures"}</span>}</div>;
}

export function Sparkline({ values, label, color = 1 }: { values: number[]; label: string; color?: 1 | 2 | 3 | 4 }) {
  const most = Math.max(...values, 1e-9);
  const points = values.map((value, i) => `${((i / Math.max(values.length - 1, 1)) * 96).toFixed(1)},${(21 - (value / most) * 19).toFixed(1)}`).join(" ");
  return <svg class={`sparkline plot-${color}`} viewBox="0 0 96 22" preserveAspectRatio="none" role="img" aria-label={label}>{values.length > 1 && <polyline points={points} fill="none" stroke="currentColor" stroke-width="1.4" stroke-linejoin="round" vector-effect="non-scaling-stroke" />}</svg>;
}
