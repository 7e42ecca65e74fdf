import { useResource } from '../../api/use-resource.tsx';
import { useMay, useSession } from '../../app/session-context.tsx';
import { ActionButton } from '../../ui/action-button.tsx';
import { CliLine } from '../../ui/cli-line.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { useAction } from '../../ui/use-action.ts';
import { When } from '../../ui/when.tsx';

interface MadeServerBackup {
  readonly madeAt: string;
}

/** What is done to the server as a whole: backed up now, looked into by who helps, taken to another one. */
export function ServerDeeds() {
  const last = useResource<MadeServerBackup | null>('/server/backup');
  const about = useResource<{ readonly version: string; readonly pid: number }>('/health').data;
  const mayChange = useMay('administer');
  const { api } = useSession();
  const { busy, error, run } = useAction();
  return (
    <section aria-label="The server">
      <h2 className="lw-h2">The server</h2>
      {about ? (
        <p className="lw-gap">
          Leeward {about.version}, process {about.pid}
        </p>
      ) : null}
      {error === undefined ? null : <ProblemAlert problem={error} />}
      <Loaded resource={last}>
        {(known) => (
          <p className="lw-gap">
            {known ? (
              <>
                Backed up last <When at={known.madeAt} />.
              </>
            ) : (
              'It was not backed up yet.'
            )}
          </p>
        )}
      </Loaded>
      <div className="lw-actions-left lw-gap">
        <ActionButton
          allowed={mayChange}
          variant="secondary"
          isLoading={busy}
          onClick={() => void run(() => api.post('/server/backup', {}))}
        >
          Back up now
        </ActionButton>
      </div>
      <CliLine command="leeward server backup" />
      {mayChange ? (
        <ul className="lw-plain">
          <li>
            <a href="/api/v1/support-bundle" download="leeward-support.tar.gz">
              Support bundle
            </a>
            : what who helps needs to see, without secrets
          </li>
          <li>
            <a href="/api/v1/config" download="leeward-config.json">
              Configuration
            </a>
            : as one document, without secrets; <code>leeward config export</code> has it as YAML for{' '}
            <code>leeward apply</code>
          </li>
        </ul>
      ) : null}
    </section>
  );
}
