import type { Area } from '../catalogue-entry.ts';

/** PLN from 190: relations whose source is itself a secondary. */
export const cascadeErrors = {
  'L-PLN-190': {
    severity: 'error',
    exit: 'refused',
    permanent: true,
    what: 'Volume "{volume}" cannot be read on "{secondary}" by way of {via}: {why}.',
    data: 'The VM gets no new point over this relation; earlier points, and what the arrays keep, are not touched.',
    next: 'Let the job name a relation that is nearer to the volume; `leeward job plan JOB --explain VM` lists what there is.',
  },
} as const satisfies Area;
