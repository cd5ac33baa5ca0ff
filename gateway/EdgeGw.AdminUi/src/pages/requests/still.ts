import { useRef, useState } from "preact/hooks";
import type { RequestLine } from "../../api/types";

/** Rows that move away cannot be read, and a press that began on one would end on another: while the pointer or the focus is in their room they stay what they were. `of` says what they are the rows of. */
export function useStill(of: string, lines: RequestLine[] | undefined) {
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  const kept = useRef<{ of: string; lines: RequestLine[] } | undefined>(undefined);
  const held = (pointed || focused) && kept.current?.of === of && kept.current.lines.length > 0;
  if (!held) kept.current = lines && { of, lines };
  const shown = kept.current?.lines;
  const at = held && lines ? lines.indexOf(shown![0]!) : 0;
  return {
    shown,
    /** How many have come since; all of them when the newest one that is shown is no longer kept. */
    newer: at < 0 ? lines!.length : at,
    /** For the element that the rows are in, and that stays when there are none: who leaves it must be heard. */
    room: {
      onPointerEnter: () => setPointed(true),
      onPointerLeave: () => setPointed(false),
      onFocusIn: () => setFocused(true),
      onFocusOut: (event: FocusEvent) => setFocused((event.currentTarget as Node).contains(event.relatedTarget as Node | null)),
    },
  };
}
