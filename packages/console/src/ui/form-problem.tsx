import { Alert, AlertActionLink } from '@patternfly/react-core';
import { ChangedMeanwhile } from '../api/edit.ts';
import { CodeLink } from './code-link.tsx';
import { FieldChanges } from './field-changes.tsx';
import { ProblemAlert } from './problem-alert.tsx';

interface FormProblemProps {
  readonly problem: unknown;
  readonly saveOver: () => void;
  readonly beginAnew: (() => void) | undefined;
}

/** Why a form was not saved; where somebody else changed the same, what is there now and what can be done. */
export function FormProblem({ problem, saveOver, beginAnew }: FormProblemProps) {
  if (!(problem instanceof ChangedMeanwhile)) return <ProblemAlert problem={problem} />;
  const { report, fields } = problem;
  return (
    <Alert
      isInline
      variant="warning"
      title={report.what}
      className="lw-gap"
      actionLinks={
        <>
          <AlertActionLink onClick={saveOver}>Save mine over it</AlertActionLink>
          {beginAnew ? (
            <AlertActionLink onClick={beginAnew}>Begin anew from what is there now</AlertActionLink>
          ) : null}
        </>
      }
    >
      <p>
        {report.data} There now (<CodeLink code={report.code} />
        ):
      </p>
      <FieldChanges changes={fields} />
    </Alert>
  );
}
