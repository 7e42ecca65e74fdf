import type { ErrorCode } from '@leeward/core';

/** How ONTAP says that a limit is reached. */
interface Limit {
  readonly code?: string;
  /** A part of the message; needed where a code has several meanings or no code is known. */
  readonly message?: RegExp;
  readonly what: string;
  readonly meaning: ErrorCode;
  /** `published`: in the vendor's own list of errors or answers. `unverified`: nobody has seen it on an array for us. */
  readonly proof: 'published' | 'unverified';
}

const reached = 'L-ARR-606';

/**
 * All that is known of ONTAP's limits. The vendor's lists of REST errors give codes for some of them only; the counts
 * of volumes, LUN maps and initiator groups arrive with the code of the failed operation, or with one that is in no
 * list, and the message alone names the limit. A limit that is not told from another refusal is `L-ARR-015`: the run
 * goes on all the same (failover), only the advice is less exact.
 */
const limits: readonly Limit[] = [
  { code: '525062', what: 'storage snapshots of a volume', meaning: 'L-ARR-103', proof: 'published' },
  { code: '13107245', what: 'volumes on a node', meaning: reached, proof: 'published' },
  { code: '7209075', what: 'size of volumes by the system type', meaning: reached, proof: 'published' },
  { code: '1263501', what: 'size of volumes on a node', meaning: reached, proof: 'published' },
  { code: '7018877', what: 'file and LUN copies at a time', meaning: reached, proof: 'published' },
  {
    message: /maximum supported limit for LUNs/i,
    what: 'LUNs of a volume',
    meaning: reached,
    proof: 'published',
  },
  {
    code: '524597',
    message: /maximum|limit/i,
    what: 'volumes of a node or an aggregate, when a clone is made on it',
    meaning: reached,
    proof: 'unverified',
  },
  {
    code: '524819',
    message: /maximum|limit/i,
    what: 'volumes of an SVM, when a clone is made in it',
    meaning: reached,
    proof: 'unverified',
  },
  {
    message: /maximum (?:number of volumes|volume count)/i,
    what: 'volumes of a node, an SVM or a cluster',
    meaning: reached,
    proof: 'unverified',
  },
  {
    message: /maximum number of (?:LUN maps|LUN mappings|mapped LUNs)/i,
    what: 'LUN maps of a node or an SVM',
    meaning: reached,
    proof: 'unverified',
  },
  {
    message: /maximum number of (?:igroups|initiator groups|initiators)/i,
    what: 'initiator groups of a node or an SVM',
    meaning: reached,
    proof: 'unverified',
  },
];

/** The catalogue error for a limit, or `undefined` for another refusal. */
export function limitIn({
  code,
  message,
}: {
  readonly code: string;
  readonly message: string;
}): ErrorCode | undefined {
  return limits.find(
    (limit) =>
      (limit.code === undefined || limit.code === code) &&
      (limit.message === undefined || limit.message.test(message)),
  )?.meaning;
}
