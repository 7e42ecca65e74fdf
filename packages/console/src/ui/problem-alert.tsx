import { Alert, AlertActionLink } from '@patternfly/react-core';
import { type Report, reportOf } from '../api/problem.ts';
import { CodeLink } from './code-link.tsx';

interface ProblemAlertProps {
  /** Anything thrown, or a report of the server. */
  readonly problem: unknown;
  readonly variant?: 'danger' | 'warning' | 'info';
  readonly onRetry?: () => void;
}

/** An error as users need it: code, what happened, what it means for the data, what to do next. */
export function ProblemAlert({ problem, variant = 'danger', onRetry }: ProblemAlertProps) {
  const report = isReport(problem) ? problem : reportOf(problem);
  return (
    <Alert
      isInline
      variant={variant}
      title={report.what}
      className="lw-gap"
      {...(onRetry ? { actionLinks: <AlertActionLink onClick={onRetry}>Try again</AlertActionLink> } : {})}
    >
      <dl className="lw-problem">
        <dt>For the data</dt>
        <dd>{report.data}</dd>
        <dt>Next</dt>
        <dd>{report.next}</dd>
        <dt>Code</dt>
        <dd>
          <CodeLink code={report.code} />
        </dd>
      </dl>
    </Alert>
  );
}

function isReport(value: unknown): value is Report {
  return typeof value === 'object' && value !== null && 'what' in value && 'next' in value && 'code' in value;
}
