import { priorVersions } from '../schema/versions.ts';

/** `/sdk/vimServiceVersions.xml`: what clients negotiate with. */
export function versionsFile(apiVersion: string): string {
  const prior = priorVersions(apiVersion).map((version) => `   <version>${version}</version>\n`);
  return `<?xml version="1.0" encoding="UTF-8" ?>
<!-- Made by the lab -->
<namespaces version="1.0">
 <namespace>
  <name>urn:vim25</name>
  <version>${apiVersion}</version>
  <priorVersions>
${prior.join('')}  </priorVersions>
 </namespace>
</namespaces>
`;
}
