import { Button, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import { type ReactNode, useState } from 'react';
import { ActionButton } from './action-button.tsx';
import { CliLine } from './cli-line.tsx';
import { ProblemAlert } from './problem-alert.tsx';
import { useAction } from './use-action.ts';

interface ConfirmButtonProps {
  readonly label: string;
  readonly title: string;
  /** What it will do, to which data. */
  readonly children: ReactNode;
  readonly cli: string;
  readonly allowed: boolean;
  readonly danger?: boolean;
  readonly small?: boolean;
  readonly ariaLabel?: string;
  readonly work: () => Promise<unknown>;
}

/** A button for what cannot be undone: it says what will happen first, with the command that does the same. */
export function ConfirmButton(props: ConfirmButtonProps) {
  const { label, title, children, cli, allowed, danger = true, small = false, ariaLabel, work } = props;
  const [open, setOpen] = useState(false);
  const { busy, error, run } = useAction();
  const confirm = async () => {
    if (await run(work)) setOpen(false);
  };
  return (
    <>
      <ActionButton
        allowed={allowed}
        variant={small ? 'link' : 'secondary'}
        isInline={small}
        isDanger={danger}
        onClick={() => setOpen(true)}
        {...(ariaLabel ? { 'aria-label': ariaLabel } : {})}
      >
        {label}
      </ActionButton>
      <Modal variant="small" isOpen={open} onClose={() => setOpen(false)} aria-label={title}>
        <ModalHeader title={title} />
        <ModalBody>
          {error === undefined ? null : <ProblemAlert problem={error} />}
          {children}
          <CliLine command={cli} />
        </ModalBody>
        <ModalFooter>
          <Button
            variant={danger ? 'danger' : 'primary'}
            isLoading={busy}
            isDisabled={busy}
            onClick={confirm}
          >
            {label}
          </Button>
          <Button variant="link" onClick={() => setOpen(false)}>
            Leave it
          </Button>
        </ModalFooter>
      </Modal>
    </>
  );
}
