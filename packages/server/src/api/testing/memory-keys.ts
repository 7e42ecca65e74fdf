import type { KeyedRequest, Services } from '@leeward/engine';

interface Known {
  readonly operation: string;
  readonly content: string;
  answer?: { readonly status: number; readonly body: string };
}

/** Idempotency keys as the database keeps them, in memory. */
export class MemoryKeys implements Pick<Services['idempotency'], 'begin' | 'keep' | 'release'> {
  readonly known = new Map<string, Known>();

  async begin({ principal, key, operation, content }: KeyedRequest) {
    const known = this.known.get(`${principal} ${key}`);
    if (!known) {
      this.known.set(`${principal} ${key}`, { operation, content });
      return { kind: 'new' } as const;
    }
    if (known.content !== content) return { kind: 'other', operation: known.operation } as const;
    return known.answer
      ? ({ kind: 'answered', answer: known.answer } as const)
      : ({ kind: 'under-way' } as const);
  }

  async keep({ principal, key }: Pick<KeyedRequest, 'principal' | 'key'>, answer: Required<Known>['answer']) {
    const known = this.known.get(`${principal} ${key}`);
    if (known) known.answer = answer;
  }

  async release({ principal, key }: Pick<KeyedRequest, 'principal' | 'key'>) {
    this.known.delete(`${principal} ${key}`);
  }
}
