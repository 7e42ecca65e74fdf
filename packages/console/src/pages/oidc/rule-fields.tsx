import { Button, FormGroup, FormSelect, FormSelectOption, TextInput } from '@patternfly/react-core';
import type { Role } from '../../api/session.ts';
import { roleChoices } from '../../app/roles.ts';
import { newRule, type RuleDraft } from './oidc-draft.ts';

interface RuleFieldsProps {
  readonly rules: readonly RuleDraft[];
  readonly change: (rules: readonly RuleDraft[]) => void;
}

/** Which value gives which role, in their order: the first that somebody has holds. */
export function RuleFields({ rules, change }: RuleFieldsProps) {
  const set = (at: number, part: Partial<RuleDraft>) =>
    change(rules.map((rule, index) => (index === at ? { ...rule, ...part } : rule)));
  return (
    <FormGroup role="group" label="Who has which role" fieldId="oidc-rules" isRequired>
      <p className="lw-faint-text">
        Values of the claim below, such as groups. The first that somebody has gives the role; who has none
        cannot sign in.
      </p>
      {rules.map(({ value, role, jobs }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
        <div key={at} className="lw-rule">
          <TextInput
            aria-label={`Value of rule ${at + 1}`}
            placeholder="backup-admins"
            value={value}
            onChange={(_event, text) => set(at, { value: text })}
          />
          <FormSelect
            aria-label={`Role of rule ${at + 1}`}
            value={role}
            onChange={(_event, chosen) => set(at, { role: chosen as Role })}
          >
            {roleChoices.map(([each]) => (
              <FormSelectOption key={each} value={each} label={each} />
            ))}
          </FormSelect>
          <TextInput
            aria-label={`Jobs of rule ${at + 1}`}
            placeholder="all jobs, or prod-*, b"
            value={jobs}
            onChange={(_event, text) => set(at, { jobs: text })}
          />
          <Button
            variant="link"
            isInline
            aria-label={`Leave out rule ${at + 1}`}
            onClick={() => change(rules.filter((_rule, index) => index !== at))}
          >
            Leave out
          </Button>
        </div>
      ))}
      <div className="lw-actions-left">
        <Button variant="secondary" size="sm" onClick={() => change([...rules, newRule])}>
          One more rule
        </Button>
      </div>
    </FormGroup>
  );
}
