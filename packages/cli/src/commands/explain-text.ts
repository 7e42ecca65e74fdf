import type { ConsideredFile, ConsideredPath, ConsideredRelation, ErrorReport, VmPlan } from '@leeward/core';
import { problemLines } from '../output/problem-lines.ts';
import { vmHeadline } from './plan-text.ts';

/** A line with those below it. */
interface Branch {
  readonly text: string;
  readonly below?: readonly Branch[];
}

/** Every path considered for a VM and for each of its files, as a tree. */
export function explainText(vm: VmPlan): string {
  const { problem, considered, consideredFiles, warnings } = vm;
  const branches: Branch[] = [
    ...considered.map(pathBranch),
    ...consideredFiles.map((file) => fileBranch(file, considered)),
    ...warnings.map((report) => ({
      text: `${report.severity === 'info' ? 'note' : 'warning'}: ${said(report)}`,
    })),
  ];
  return [vmHeadline(vm), ...(problem ? problemLines(problem, '  ') : []), ...lines(branches, '')].join('\n');
}

function pathBranch({ path, verdict, reason }: ConsideredPath): Branch {
  return { text: `${path}: ${verdictText(verdict, reason)}` };
}

/** The file's own verdicts where they are not those of the VM, and every relation of its volumes. */
function fileBranch(file: ConsideredFile, ofVm: readonly ConsideredPath[]): Branch {
  const { label, fileName, state, reason, volumes, considered } = file;
  const own = considered.filter(({ verdict, reason: why }, at) => {
    return verdict !== ofVm[at]?.verdict || why?.what !== ofVm[at]?.reason?.what;
  });
  const states = { read: '', 'left-out': ' LEFT OUT', unreadable: ' CANNOT BE READ' } as const;
  return {
    text: `${label}: ${fileName}${states[state]}`,
    below: [
      ...(reason ? [{ text: said(reason) }] : []),
      ...(reason ? [] : own.map(pathBranch)),
      ...volumes.map(({ arrayName, volumeName, relations }) => ({
        text: `on ${arrayName}:${volumeName}${relations.length === 0 ? ', which has no relation that is known' : ''}`,
        below: relations.map(relationBranch),
      })),
    ],
  };
}

function relationBranch({
  arrayName,
  volumeName,
  kind,
  policyName,
  via = [],
  sync,
  verdict,
  reason,
}: ConsideredRelation): Branch {
  const before = via.map((hop) => `${hop.arrayName}:${hop.volumeName} (${kind}, ${hop.policyName}) → `);
  const relation = `${before.join('')}${arrayName}:${volumeName} (${kind}, ${policyName})`;
  const sides = sync ? `, the secondary is ${sync.secondarySide}, by ${sync.decidedBy}` : '';
  return { text: `over ${relation}${sides}: ${verdictText(verdict, reason)}` };
}

function verdictText(verdict: ConsideredPath['verdict'], reason: ErrorReport | undefined): string {
  return reason ? `${verdict}, ${said(reason)}` : verdict;
}

function said({ code, what }: ErrorReport): string {
  return `${code} ${what}`;
}

function lines(branches: readonly Branch[], indent: string): string[] {
  return branches.flatMap(({ text, below = [] }, at) => {
    const isLast = at === branches.length - 1;
    const deeper = `${indent}${isLast ? '   ' : '│  '}`;
    return [`${indent}${isLast ? '└─ ' : '├─ '}${text}`, ...lines(below, deeper)];
  });
}
