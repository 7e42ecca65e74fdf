import type { Plan } from '@leeward/core';
import { Button, ExpandableSection } from '@patternfly/react-core';
import { useCallback, useEffect, useState } from 'react';
import { useSession } from '../../app/session-context.tsx';
import { yaml } from '../../format/yaml.ts';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { useAction } from '../../ui/use-action.ts';
import { PlanView } from '../jobs/plan-view.tsx';

/** What the first run would do, made while there is no job yet; and the job as it stands in a file. */
export function ReviewPlan({ body }: { readonly body: object }) {
  const text = JSON.stringify(body);
  const { api } = useSession();
  const { busy, error, run } = useAction();
  const [plan, setPlan] = useState<Plan>();
  const make = useCallback(
    () => run(async () => setPlan(await api.post<Plan>('/plan', JSON.parse(text)))),
    [api, run, text],
  );
  useEffect(() => {
    void make();
  }, [make]);
  return (
    <>
      <ExpandableSection toggleText="As YAML, for leeward apply">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: may be wider than the window, scrolled by keyboard */}
        <pre className="lw-code" tabIndex={0}>
          {yaml({ apiVersion: 'leeward/v1', jobs: [body] }).trimStart()}
        </pre>
      </ExpandableSection>
      <h2 className="lw-h2">What its first run would do</h2>
      {error === undefined ? null : <ProblemAlert problem={error} onRetry={make} />}
      {busy ? <p role="status">Reading vCenter and arrays; nothing is touched …</p> : null}
      {plan && !busy ? (
        <>
          <PlanView plan={plan} />
          <Button variant="link" isInline onClick={make}>
            Make the plan anew
          </Button>
        </>
      ) : null}
    </>
  );
}
