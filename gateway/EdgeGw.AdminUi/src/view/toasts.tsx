import { dismiss, toasts } from "../app/toasts";
import { Button } from "./basics";
import { Icon } from "./icons";

const drawn = { good: Icon.done, bad: Icon.alert, warn: Icon.warning, info: Icon.info };

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map((toast) => {
        const Drawn = drawn[toast.kind];
        return (
          <div class="toast" key={toast.id}>
            <Drawn class={toast.kind} />
            <div class="grow wrap"><strong>{toast.title}</strong>{toast.detail && <div class="soft">{toast.detail}</div>}{toast.action && <Button kind="small" onClick={() => { dismiss(toast.id); return toast.action?.run(); }}>{toast.action.label}</Button>}</div>
            <Button kind="quiet small" icon={Icon.close} label="Put away" onClick={() => dismiss(toast.id)} />
          </div>
        );
      })}
    </div>
  );
}
