import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { arrival, Link } from "../app/router";
import { Icon } from "../view/icons";

/** A page's head: where it is, what it is, what can be done. Who comes to the page has the focus on its heading, before the next key: one that was given later would be taken from where somebody has begun. */
export function Head({ title, children, actions, above }: { title: ComponentChildren; children?: ComponentChildren; actions?: ComponentChildren; above?: [string, string] }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    const own = heading.current;
    if (arrival.due) own?.focus({ preventScroll: true });
    arrival.due = false;
    // A page whose document has come has another head than while it waited.
    return () => { if (document.activeElement === own) arrival.due = true; };
  }, []);
  return (
    <header>
      <div class="titles">
        {above && <div class="crumbs"><Link to={above[0]}>{above[1]}</Link><Icon.chevron class="icon" /></div>}
        <h1 tabIndex={-1} ref={heading}>{title}</h1>
        {children && <p>{children}</p>}
      </div>
      {actions && <div class="row wraps">{actions}</div>}
    </header>
  );
}
