import { childOf, childrenOf, type XmlElement } from '../codec/xml-element.ts';
import { fallbackVersion, knownVersions } from '../schema/api-version.ts';

/**
 * The newest version that both sides know, from the server's `vimServiceVersions.xml`. A server that offers
 * nothing in common is addressed in the fallback version; its answer to `about` then decides.
 */
export function negotiateVersion(document: XmlElement): string {
  const offered = new Set<string>();
  for (const namespace of childrenOf(document, 'namespace')) {
    if (childOf(namespace, 'name')?.text.trim() !== 'urn:vim25') continue;
    const prior = childOf(namespace, 'priorVersions');
    for (const version of [namespace, ...(prior ? [prior] : [])].flatMap((at) => childrenOf(at, 'version')))
      offered.add(version.text.trim());
  }
  return knownVersions.find((version) => offered.has(version)) ?? fallbackVersion;
}
