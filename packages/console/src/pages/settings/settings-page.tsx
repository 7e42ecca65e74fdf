import { useResource } from '../../api/use-resource.tsx';
import type { Settings } from '../../api/work.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { PageFrame } from '../../ui/page-frame.tsx';
import { LimitsForm } from './limits-form.tsx';
import { MoreSettingsForm } from './more-settings-form.tsx';
import { ServerDeeds } from './server-deeds.tsx';

/** Settings of the whole installation. */
export default function SettingsPage() {
  const settings = useResource<Settings>('/settings');
  return (
    <PageFrame title="Settings" cli="leeward settings show" json="/settings">
      <Loaded resource={settings}>
        {(known) => (
          <div className="lw-stack">
            <LimitsForm settings={known} />
            <MoreSettingsForm settings={known} />
          </div>
        )}
      </Loaded>
      <ServerDeeds />
    </PageFrame>
  );
}
