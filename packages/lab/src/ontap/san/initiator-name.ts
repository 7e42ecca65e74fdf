import { RestError } from '../rest/rest-error.ts';
import type { IgroupProtocol } from './igroup.ts';

const longest = 96;

/** The array's refusal of a name, with the code that it uses for that kind of mistake. */
function refusal(code: number, why: string, name: string): RestError {
  return new RestError(400, code, `The initiator name "${name}" is invalid: ${why}.`, 'initiators.name', [
    name,
  ]);
}

/** An IQN, an EUI or a WWPN that fits to the group's protocol; lower case as the array keeps it. */
export function checkInitiatorName(name: string, protocol: IgroupProtocol): string {
  if (name.length > longest) throw refusal(5373992, 'it is too long', name);
  const isWwpn = /^([0-9a-f]{2}:){7}[0-9a-f]{2}$/i.test(name) || /^[0-9a-f]{16}$/i.test(name);
  if (protocol === 'fcp') {
    if (!isWwpn) throw refusal(5374038, 'it is not a Fibre Channel WWPN', name);
    return name.toLowerCase();
  }
  if (isWwpn && protocol === 'mixed') return name.toLowerCase();
  if (isWwpn) throw refusal(5374039, 'it is not an iSCSI initiator name', name);
  return checkIscsiName(name);
}

/** An IQN or EUI. */
export function checkIscsiName(name: string): string {
  const lower = name.toLowerCase();
  if (lower.startsWith('eui.')) {
    const digits = lower.slice(4);
    if (digits.length !== 16) throw refusal(5373977, 'an EUI has 16 hexadecimal digits', name);
    if (!/^[0-9a-f]+$/.test(digits)) throw refusal(5373978, 'an EUI has hexadecimal digits only', name);
    return lower;
  }
  if (!lower.startsWith('iqn.')) throw refusal(5373993, 'it matches no valid format', name);
  const [, date, authority] = /^iqn\.([^.]*)(?:\.(.*))?$/.exec(lower) ?? [];
  if (!date && !authority) throw refusal(5373969, 'the portions after the prefix are missing', name);
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(date ?? '')) throw refusal(5373971, 'the date is invalid', name);
  if (!authority || !/^[a-z0-9][a-z0-9.:-]*$/.test(authority))
    throw refusal(5373972, 'the naming authority is invalid', name);
  return lower;
}
