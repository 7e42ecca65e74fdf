import { LeewardError } from '@leeward/core';
import { parseDocument, stringify } from 'yaml';

/** A document that repeats itself by aliases more often is no configuration. */
const mostAliases = 100;

/** One YAML 1.2 document of plain values: no tags of its own, no key twice. Throws `L-CFG-103`. */
export function fromYaml(text: string, path: string): unknown {
  const invalid = (problem: string, cause?: unknown) =>
    new LeewardError('L-CFG-103', { problem: `${path} is not valid YAML: ${problem}` }, cause);
  const document = parseDocument(text, { schema: 'core', customTags: [], uniqueKeys: true, version: '1.2' });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) throw invalid(problem.message.split('\n')[0] ?? problem.code, problem);
  try {
    return document.toJS({ maxAliasCount: mostAliases });
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error), error);
  }
}

export function toYaml(document: object): string {
  return stringify(document, { lineWidth: 0, aliasDuplicateObjects: false });
}
