/** What a group of which one is chosen does with a key, as the ARIA patterns say: the arrows lead to the one beside it, Home and End to the first and the last. Each carries its key as `data-key`, and the chosen one alone is a stop of Tab. `upright`: up and down are arrows of it too. */
export function arrows(event: KeyboardEvent, keys: string[], chosen: string, choose: (key: string) => void, upright = false) {
  const at = keys.indexOf(chosen);
  const is = (beside: string, above: string) => event.key === beside || (upright && event.key === above);
  const to = is("ArrowRight", "ArrowDown") ? at + 1 : is("ArrowLeft", "ArrowUp") ? at - 1 : event.key === "Home" ? 0 : event.key === "End" ? keys.length - 1 : undefined;
  if (to === undefined) return;
  event.preventDefault();
  const key = keys[(to + keys.length) % keys.length]!;
  choose(key);
  [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>("[data-key]")].find((one) => one.dataset.key === key)?.focus();
}
