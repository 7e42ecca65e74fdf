import type { ConsideredFile, ConsideredPath, ConsideredRelation, ErrorReport, VmPlan } from '@leeward/core';
import { CodeLink } from '../../ui/code-link.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';

/** Every path that was considered for a VM and for each of its files, and why it is taken or not. */
export function ExplainedVm({ vm }: { readonly vm: VmPlan }) {
  const { name, path, problem, considered, consideredFiles, warnings } = vm;
  return (
    <section aria-label={`Every path considered for ${name}`} className="lw-anywhere">
      <p className="lw-gap">
        <strong>{path}</strong>
      </p>
      {problem ? <ProblemAlert problem={problem} /> : null}
      <ul className="lw-tree">
        {considered.map((each) => (
          <Path key={each.path} considered={each} />
        ))}
        {consideredFiles.map((file) => (
          <File key={file.fileName} file={file} ofVm={considered} />
        ))}
        {warnings.map((report) => (
          <li key={report.what}>
            {report.severity === 'info' ? 'note' : 'warning'}: <Why report={report} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Path({ considered: { path, verdict, reason } }: { readonly considered: ConsideredPath }) {
  return (
    <li>
      {path}: <Verdict verdict={verdict} reason={reason} />
    </li>
  );
}

const states = { read: '', 'left-out': ' is left out', unreadable: ' cannot be read' } as const;

/** Its own verdicts only where they are not those of the VM. */
function File({ file, ofVm }: { readonly file: ConsideredFile; readonly ofVm: readonly ConsideredPath[] }) {
  const { label, fileName, state, reason, volumes, considered } = file;
  const own = considered.filter(
    ({ verdict, reason: why }, at) => verdict !== ofVm[at]?.verdict || why?.what !== ofVm[at]?.reason?.what,
  );
  return (
    <li>
      {label}: <code>{fileName}</code>
      {states[state]}
      <ul className="lw-tree">
        {reason ? (
          <li>
            <Why report={reason} />
          </li>
        ) : (
          own.map((each) => <Path key={each.path} considered={each} />)
        )}
        {volumes.map(({ arrayName, volumeName, relations }) => (
          <li key={`${arrayName}/${volumeName}`}>
            on {arrayName}/{volumeName}
            {relations.length === 0 ? ', which has no relation that is known' : ''}
            <ul className="lw-tree">
              {relations.map((relation) => (
                <Relation key={`${relation.arrayName}/${relation.volumeName}`} relation={relation} />
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </li>
  );
}

function Relation({ relation }: { readonly relation: ConsideredRelation }) {
  const { arrayName, volumeName, kind, policyName, via = [], sync, verdict, reason } = relation;
  return (
    <li>
      over {via.map((hop) => `${hop.arrayName}/${hop.volumeName} → `)}
      {arrayName}/{volumeName} ({kind}, {policyName})
      {sync ? `, the secondary is ${sync.secondarySide}, by ${sync.decidedBy}` : ''}:{' '}
      <Verdict verdict={verdict} reason={reason} />
    </li>
  );
}

interface VerdictProps {
  readonly verdict: ConsideredPath['verdict'];
  readonly reason: ErrorReport | undefined;
}

function Verdict({ verdict, reason }: VerdictProps) {
  return (
    <>
      <strong>{verdict === 'not' ? 'not taken' : verdict}</strong>
      {reason ? (
        <>
          , <Why report={reason} />
        </>
      ) : null}
    </>
  );
}

function Why({ report: { code, what } }: { readonly report: ErrorReport }) {
  return (
    <>
      <CodeLink code={code} /> {what}
    </>
  );
}
