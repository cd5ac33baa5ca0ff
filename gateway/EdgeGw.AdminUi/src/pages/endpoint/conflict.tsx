import type { Endpoint } from "../../api/types";
import { Button, CopyButton } from "../../view/basics";
import { Dialog } from "../../view/dialog";
import { Diff } from "../../view/diff";
import { draftOf, type Draft } from "./draft";

const about = ({ files: _, ...rest }: Draft) => JSON.stringify(rest, null, 2);

/** Two have changed one endpoint: both texts, and the choice. Neither is gone before one is chosen. */
export function Conflict({ mine, theirs, onMine, onTheirs, onClose }: { mine: Draft; theirs: Endpoint; onMine: () => void; onTheirs: () => void; onClose: () => void }) {
  const other = draftOf(theirs);
  const names = [...new Set([...mine.files, ...other.files].map((file) => file.name))];
  const textOf = (draft: Draft, name: string) => draft.files.find((file) => file.name === name)?.text ?? "";
  const different = names.filter((name) => textOf(mine, name) !== textOf(other, name));
  return (
    <Dialog title="Somebody else has saved this endpoint meanwhile" onClose={onClose} wide>
      <p class="soft">Revision {theirs.revision} is theirs. Red lines are only in theirs, green ones only in yours. Nothing of yours is lost: it stays in the editor until you choose.</p>
      {different.map((name) => <section class="stack tight" key={name}><div class="row spread"><h3><code>{name}</code></h3><span class="row"><CopyButton text={textOf(mine, name)} label={`Copy my ${name}`} /></span></div><Diff label={`Differences in ${name}`} before={textOf(other, name)} after={textOf(mine, name)} /></section>)}
      {about(mine) !== about(other) && <section class="stack tight"><h3>Route, limits and settings</h3><Diff label="Differences in route, limits and settings" before={about(other)} after={about(mine)} /></section>}
      <div class="ends"><Button onClick={onClose}>Decide later</Button><Button kind="danger" onClick={onTheirs}>Take theirs</Button><Button kind="primary" onClick={onMine}>Keep mine and go on</Button></div>
    </Dialog>
  );
}
