import type { ComponentChildren } from "preact";
import { Link } from "../app/router";
import { Icon } from "../view/icons";

/** A page's head: where it is, what it is, what can be done. */
export function Head({ title, children, actions, above }: { title: ComponentChildren; children?: ComponentChildren; actions?: ComponentChildren; above?: [string, string] }) {
  return (
    <header>
      <div class="titles">
        {above && <div class="crumbs"><Link to={above[0]}>{above[1]}</Link><Icon.chevron class="icon" /></div>}
        <h1 tabIndex={-1}>{title}</h1>
        {children && <p>{children}</p>}
      </div>
      {actions && <div class="row wraps">{actions}</div>}
    </header>
  );
}
