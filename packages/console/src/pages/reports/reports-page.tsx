import { Card, CardBody, CardTitle, FormGroup, TextInput } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { useQueryState } from '../../router/use-query-state.ts';
import { CliLine } from '../../ui/cli-line.tsx';
import { PageFrame } from '../../ui/page-frame.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { type FormOf, ReportLinks } from './report-links.tsx';

/** What happened and which copies there are, as pages to keep, print and send. */
export default function ReportsPage() {
  const [date, setDate] = useQueryState('date');
  const day = /^\d{4}-\d{2}-\d{2}$/.test(date) ? `&date=${date}` : '';
  return (
    <PageFrame title="Reports" cli="leeward report --help">
      <div className="lw-tiles">
        <Report
          title="The day"
          forms={['html', 'json']}
          path={(form) => `/reports/daily?format=${form}${day}`}
          cli={`leeward report daily${day ? ` --date ${date}` : ''}`}
          about="All runs of 24 hours, VMs in time, late and never, chains, what has to be cleaned up, repositories."
        >
          <FormGroup label="Day on which it ends" fieldId="report-date" className="lw-gap">
            <TextInput
              id="report-date"
              type="date"
              value={date}
              onChange={(_event, value) => setDate(value)}
            />
          </FormGroup>
        </Report>
        <Report
          title="Protection"
          forms={['html', 'csv', 'json']}
          path={(form) => `/reports/protection?format=${form}`}
          cli="leeward report protection"
          about="Which VM has which copies, where they are, how old the newest is and from which source."
        />
        <Card>
          <CardTitle component="h2">Run</CardTitle>
          <CardBody>
            <p>
              Each run has one: go to <a href="/runs">the run</a> and choose “Report”. Channels send them by
              themselves: <PageLink to="/notifications">notifications</PageLink>.
            </p>
          </CardBody>
        </Card>
      </div>
    </PageFrame>
  );
}

interface ReportProps {
  readonly title: string;
  readonly about: string;
  readonly forms: readonly FormOf[];
  readonly path: (form: FormOf) => string;
  readonly cli: string;
  readonly children?: ReactNode;
}

function Report({ title, about, forms, path, cli, children }: ReportProps) {
  return (
    <Card>
      <CardTitle component="h2">{title}</CardTitle>
      <CardBody>
        <p className="lw-gap">{about}</p>
        {children}
        <ReportLinks name={title} forms={forms} path={path} />
        <CliLine command={cli} />
      </CardBody>
    </Card>
  );
}
