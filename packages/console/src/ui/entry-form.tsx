import { ActionGroup, Button, Form } from '@patternfly/react-core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { ActionButton } from './action-button.tsx';
import { CliLine } from './cli-line.tsx';
import { FormProblem } from './form-problem.tsx';

/** What a form does when it is sent. */
export interface FormAction {
  readonly busy: boolean;
  readonly error: unknown;
  readonly beginAnew?: (() => void) | undefined;
}

interface EntryFormProps {
  readonly label: string;
  readonly action: FormAction;
  /** Of the button. */
  readonly save: string;
  /** Whether enough was typed. */
  readonly ready?: boolean;
  readonly allowed?: boolean;
  /** The command that does the same. */
  readonly cli?: string;
  /** `over`: also over what somebody else changed meanwhile. Resolves with whether it was done. */
  readonly submit: (over: boolean) => Promise<boolean>;
  /** Closes the form; missing: it stays, and says that it was saved. */
  readonly onDone?: () => void;
  /** Closes the form without sending it; missing: as when it is done. */
  readonly onLeave?: () => void;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A form with what went wrong, the command that does the same, and its buttons. */
export function EntryForm(props: EntryFormProps) {
  const { label, action, save, ready = true, allowed = true, cli, submit, onDone } = props;
  const leave = props.onLeave ?? onDone;
  const [isSaved, setSaved] = useState(false);
  const send = async (over: boolean) => {
    setSaved(false);
    if (!(await submit(over))) return;
    if (onDone) onDone();
    else setSaved(true);
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void send(false);
  };
  const { busy, error, beginAnew } = action;
  return (
    <Form
      onSubmit={onSubmit}
      onChange={() => setSaved(false)}
      className={props.className ?? 'lw-form lw-gap'}
      aria-label={label}
    >
      {props.children}
      {cli === undefined ? null : <CliLine command={cli} />}
      {error === undefined ? null : (
        <FormProblem problem={error} saveOver={() => void send(true)} beginAnew={beginAnew} />
      )}
      <ActionGroup>
        <ActionButton
          allowed={allowed}
          ready={ready && !busy}
          type="submit"
          variant="primary"
          isLoading={busy}
        >
          {save}
        </ActionButton>
        {leave ? (
          <Button variant="link" onClick={leave}>
            Leave it
          </Button>
        ) : null}
        <span role="status">{isSaved ? 'Saved.' : ''}</span>
      </ActionGroup>
    </Form>
  );
}
