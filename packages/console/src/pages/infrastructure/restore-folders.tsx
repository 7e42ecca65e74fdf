import { useState } from 'react';
import type { ProxyView } from '../../api/systems.ts';
import { useMay } from '../../app/session-context.tsx';
import { quoted } from '../../format/quoted.ts';
import { pathTo } from '../../router/match.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { EntryForm } from '../../ui/entry-form.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useSaving } from '../../ui/use-saving.ts';

/** Where restores of a proxy may be written, and the form that changes it. */
export function RestoreFolders({ proxy }: { readonly proxy: ProxyView }) {
  const [isOpen, setOpen] = useState(false);
  const mayEdit = useMay('administer');
  const { name, restoreFolders } = proxy;
  return (
    <div className="lw-gap">
      <span className="lw-faint-text lw-anywhere">
        {restoreFolders
          ? `Restores into ${restoreFolders.join(', ')}. `
          : 'Restores into any folder, by administrators alone. '}
      </span>
      {isOpen ? (
        <FolderForm proxy={proxy} onDone={() => setOpen(false)} />
      ) : (
        <ActionButton
          allowed={mayEdit}
          variant="link"
          isInline
          aria-label={`Change where ${name} restores to`}
          onClick={() => setOpen(true)}
        >
          Change
        </ActionButton>
      )}
    </div>
  );
}

function FolderForm({ proxy, onDone }: { readonly proxy: ProxyView; readonly onDone: () => void }) {
  const { id, name } = proxy;
  const typed = ({ restoreFolders = [] }: ProxyView) => restoreFolders.join(', ');
  const [text, setText] = useState(typed(proxy));
  const saving = useSaving<ProxyView>({
    path: pathTo('/proxies/:id', { id }),
    first: proxy,
    refill: (now) => setText(typed(now)),
  });
  const folders = text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
  const choice =
    folders.length === 0 ? '--any-restore-folder' : `--restore-folder ${folders.map(quoted).join(' ')}`;
  return (
    <EntryForm
      label={`Where ${name} restores to`}
      action={saving}
      save="Save"
      ready={folders.every((each) => each.startsWith('/'))}
      cli={`leeward proxy edit ${quoted(name)} ${choice}`}
      submit={(over) => saving.save({ restoreFolders: folders.length === 0 ? null : folders }, over)}
      onDone={onDone}
    >
      <TextField
        id={`restore-folders-${id}`}
        label="Restores into"
        value={text}
        onChange={setText}
        help="Absolute paths on its host, with commas between them; folders below them are allowed too. Empty: anywhere, by administrators alone."
      />
    </EntryForm>
  );
}
