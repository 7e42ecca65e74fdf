import { catalogue } from '@leeward/core';
import type { RunView } from '@leeward/server';
import type { Expectation } from '../model/words.ts';

/** How a run ended, in the words of the table. */
export interface Seen extends Omit<Expectation, 'source' | 'leftovers'> {
  /** By the run's own record, and by the arrays' where they say otherwise. */
  readonly source: string;
  readonly leftovers: string;
}

/**
 * Not what the table is about: what makes a point a full one, what a policy or a holder keeps, that a chain cannot be
 * looked at, and that it has lost a link that a row took from it.
 */
const besideTheTable: readonly string[] = ['L-SRC-102', 'L-RUN-111', 'L-RUN-141', 'L-RET-105', 'L-RET-107'];

/** Events of a run that say that a VM goes another way, and why. */
const downgrades: readonly string[] = ['L-SRC-101', 'L-SRC-105', 'L-SRC-119'];

/** All but the leftovers. `readBy`: the sides that proxies read on, by the data ports. */
export function seenOf(view: RunView, readBy: readonly string[]): Omit<Seen, 'leftovers'> {
  const { run, vms, events } = view;
  const [vm] = vms;
  const reports = [run.problem, vm?.problem, ...events.map(({ report }) => report)];
  const codes = reports
    .flatMap((report) => (report ? [report.code] : []))
    .filter((code) => !besideTheTable.includes(code));
  const downgrade = events.find(({ report }) => downgrades.includes(report.code));
  return {
    source: vm?.state === 'success' ? sourceOf(vm.facts.source ?? 'unknown', readBy) : 'none',
    state: run.state === 'success' ? 'success' : 'failed',
    codes: [...new Set(codes)],
    reason: downgrade ? codeOfText(String(downgrade.report.details?.['reason'] ?? '')) : '',
  };
}

/** The data ports' counters are the witnesses: what the run says counts only as far as they say the same. */
function sourceOf(said: string, readBy: readonly string[]): string {
  const isWitnessed =
    said === 'primary'
      ? // What was tried on the secondary before may have been read there in part.
        readBy.includes('primary')
      : readBy.join() === (said === 'standard' ? '' : said);
  return isWitnessed ? said : `${said} by the run, but by the data ports: ${readBy.join(' and ') || 'none'}`;
}

/** The entry of the catalogue that a text was made from. */
function codeOfText(text: string): string {
  const fitting = Object.entries(catalogue).filter(([, { what }]) => patternOf(what).test(text));
  // The one with the most words of its own.
  const [best] = fitting.sort(([, a], [, b]) => ownWords(b.what) - ownWords(a.what));
  return best?.[0] ?? `"${text}"`;
}

function patternOf(what: string): RegExp {
  const parts = what.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^]*')}$`);
}

function ownWords(what: string): number {
  return what.replace(/\{\w+\}/g, '').length;
}
