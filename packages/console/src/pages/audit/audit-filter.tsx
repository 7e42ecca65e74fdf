import { ActionGroup, Button, Form, FormGroup, TextInput } from '@patternfly/react-core';
import { type FormEvent, useState } from 'react';
import { SelectField } from '../../ui/select-field.tsx';
import { TextField } from '../../ui/text-field.tsx';

/** What is looked for, as the API takes it; empty: anything. Times are local, as the browser's fields have them. */
export interface Looked {
  readonly caller: string;
  readonly kind: string;
  readonly object: string;
  readonly outcome: string;
  readonly since: string;
  readonly until: string;
}

export const lookedFields = ['caller', 'kind', 'object', 'outcome', 'since', 'until'] as const;

const outcomes = [
  ['', 'any'],
  ['done', 'done'],
  ['refused', 'refused'],
  ['failed', 'failed'],
  ['unknown', 'unknown: the server ended meanwhile'],
] as const;

const kinds = [
  ...['vcenter', 'array', 'proxy', 'repository', 'job', 'run', 'chain', 'orphan', 'restore'],
  ...['settings', 'session', 'user', 'token'],
];

interface AuditFilterProps {
  readonly looked: Looked;
  readonly look: (looked: Looked) => void;
}

/** Who, what, when; asked of the server when “Find” is pressed. */
export function AuditFilter({ looked, look }: AuditFilterProps) {
  const [draft, setDraft] = useState(looked);
  const set = (key: keyof Looked) => (value: string) => setDraft({ ...draft, [key]: value });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    look(draft);
  };
  const clear = () => {
    const none = { caller: '', kind: '', object: '', outcome: '', since: '', until: '' };
    setDraft(none);
    look(none);
  };
  return (
    <Form onSubmit={submit} className="lw-filter lw-gap" aria-label="Find in the audit trail">
      <TextField id="audit-caller" label="Who" value={draft.caller} onChange={set('caller')} />
      <SelectField
        id="audit-kind"
        label="What"
        value={draft.kind}
        choices={[['', 'anything'], ...kinds.map((kind) => [kind, kind] as const)]}
        onChange={set('kind')}
      />
      <TextField id="audit-object" label="Its name" value={draft.object} onChange={set('object')} />
      <SelectField
        id="audit-outcome"
        label="Outcome"
        value={draft.outcome}
        choices={outcomes}
        onChange={set('outcome')}
      />
      <TimeField id="audit-since" label="Since" value={draft.since} onChange={set('since')} />
      <TimeField id="audit-until" label="Until" value={draft.until} onChange={set('until')} />
      <ActionGroup>
        <Button type="submit">Find</Button>
        <Button variant="link" onClick={clear}>
          All
        </Button>
      </ActionGroup>
    </Form>
  );
}

interface TimeFieldProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function TimeField({ id, label, value, onChange }: TimeFieldProps) {
  return (
    <FormGroup label={label} fieldId={id}>
      <TextInput id={id} type="datetime-local" value={value} onChange={(_event, text) => onChange(text)} />
    </FormGroup>
  );
}
