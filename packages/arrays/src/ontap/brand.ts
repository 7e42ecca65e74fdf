export interface BrandEvidence {
  readonly versionText: string;
  readonly models: readonly string[];
  readonly machineTypes: readonly string[];
}

/**
 * The badge under which ONTAP is sold here. Only a label: never decides a call. The version text comes first,
 * then the model names, then the machine type.
 */
export function brandOf({ versionText, models, machineTypes }: BrandEvidence): string {
  if (/^lenovo\b/i.test(versionText)) return lenovo;
  if (/^fujitsu\b/i.test(versionText)) return fujitsu;
  if (models.some((model) => /^(ThinkSystem[ -]?)?D[MG]\d/i.test(model))) return lenovo;
  if (models.some((model) => /^(ETERNUS[ -]?)?(AX|HX)[ -]?\d/i.test(model))) return fujitsu;
  if (machineTypes.some((type) => /^7[XYZ][0-9A-Z]{2}-/i.test(type))) return lenovo;
  return 'NetApp ONTAP';
}

const lenovo = 'Lenovo ThinkSystem DM/DG';
const fujitsu = 'Fujitsu ETERNUS HX/AX';
