// What comes in quick succession, handed on together: the page is drawn for all of it at once, however quickly it comes.

/** What waits is bounded: of more than that the newest is kept. */
export interface Batch<T> {
  add(items: readonly T[]): void;
  /** Hands on what waits now; with nothing waiting, nothing. */
  flush(): void;
}

/** Calls `take` at once for what comes after a pause, and never sooner than `everyMs` after the call before; with `most` items at most. */
export function batch<T>(everyMs: number, most: number, take: (items: T[]) => void): Batch<T> {
  let waiting: T[] = [];
  let timer: number | undefined;
  let taken = -Infinity;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length === 0) return;
    const items = waiting.slice(-most);
    waiting = [];
    take(items);
    taken = performance.now(); // after the work: what takes long leaves as much time for everything else
  };
  return {
    add(items) {
      for (const item of items) waiting.push(item);
      if (waiting.length >= 2 * most) waiting = waiting.slice(-most); // in larger steps than one item: each copies
      timer ??= setTimeout(flush, Math.max(taken + everyMs - performance.now(), 0));
    },
    flush,
  };
}
