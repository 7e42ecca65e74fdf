import { describe, expect, it } from 'vitest';
import { parseEndpointPath, whyUnusableEndpoint } from './endpoint-path.ts';

describe('endpoint path', () => {
  it.each([
    ['svm1:vol1', 'volume'],
    ['svm1:', 'svm'],
    ['svm1', 'svm'],
    ['svm1:/cg/group', 'consistency-group'],
    ['svm1:/bucket/b', 'bucket'],
    ['objstore:/b', 'object-store'],
    ['store:/objstore', 'object-store'],
  ])('%s is a %s', (path, kind) => {
    const parsed = parseEndpointPath(path);
    expect(parsed.kind).toBe(kind);
    expect(whyUnusableEndpoint(parsed) === undefined).toBe(kind === 'volume');
  });
});
