/** What a SnapMirror endpoint path points to. */
export type EndpointPath =
  | { readonly kind: 'volume'; readonly svm: string; readonly volume: string }
  | {
      readonly kind: 'svm' | 'consistency-group' | 'bucket' | 'object-store';
      readonly svm: string;
      readonly text: string;
    };

/** `svm:volume`, `svm:`, `svm:/cg/<name>`, `svm:/bucket/<name>`, `<store>:/objstore` and `objstore:/…`. */
export function parseEndpointPath(path: string): EndpointPath {
  const colon = path.indexOf(':');
  const svm = colon < 0 ? path : path.slice(0, colon);
  const rest = colon < 0 ? '' : path.slice(colon + 1);
  if (svm === 'objstore' || rest.startsWith('/objstore')) return { kind: 'object-store', svm, text: path };
  if (rest === '') return { kind: 'svm', svm, text: path };
  if (rest.startsWith('/cg/')) return { kind: 'consistency-group', svm, text: path };
  if (rest.startsWith('/')) return { kind: 'bucket', svm, text: path };
  return { kind: 'volume', svm, volume: rest };
}

export function volumeNameOf(path: EndpointPath): string {
  return path.kind === 'volume' ? path.volume : path.text;
}

/** Why an endpoint of this kind cannot be used, or `undefined` for a volume. */
export function whyUnusableEndpoint(path: EndpointPath): string | undefined {
  switch (path.kind) {
    case 'volume':
      return undefined;
    case 'svm':
      return 'it replicates a whole SVM (SVM disaster recovery), its volumes cannot be read on the secondary';
    case 'consistency-group':
      return 'it replicates a consistency group, which this version does not use as a source';
    case 'bucket':
      return 'it replicates a bucket, which holds no VMs';
    case 'object-store':
      return 'it replicates to a cloud object store, which cannot be read over NFS';
  }
}
