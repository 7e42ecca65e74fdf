import type { Member } from '../schema/type-table.ts';
import { type EncodeOptions, encodeFault, encodeMember } from './encode.ts';
import { invalidRequest, type VimFault } from './fault.ts';
import { Ref, type Value } from './value.ts';
import { escapeText, parseXml, type XmlElement } from './xml-tree.ts';

const soapNamespace = 'http://schemas.xmlsoap.org/soap/envelope/';

export interface SoapCall {
  readonly method: string;
  readonly target: Ref;
  /** The method's element without `_this`. */
  readonly element: XmlElement;
  readonly operationId: string | undefined;
}

/** Reads the envelope of a request. Throws the fault `InvalidRequest`. */
export function readEnvelope(document: string): SoapCall {
  let root: XmlElement;
  try {
    root = parseXml(document);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw invalidRequest(
      `\nXML document is not well-formed: ${reason}\nwhile parsing SOAP envelope\nat line 1, column 0`,
    );
  }
  if (root.name !== 'Envelope' || root.namespace !== soapNamespace)
    throw invalidRequest('\nExpected a SOAP 1.1 envelope\nwhile parsing SOAP envelope\nat line 1, column 0');
  const part = (name: string) =>
    root.children.find((child) => child.name === name && child.namespace === soapNamespace);
  const call = part('Body')?.children[0];
  if (!call) throw invalidRequest('\nThe SOAP body is empty\nwhile parsing SOAP body\nat line 1, column 0');
  const [self, ...rest] = call.children;
  const type = self?.attributes.get('|type');
  if (call.namespace !== 'urn:vim25') throw unresolved(call.name, call.namespace);
  if (self?.name !== '_this' || !type)
    throw invalidRequest(
      `\nRequired property _this is missing\nwhile parsing call information for method ${call.name}\nat line ${call.line}, column ${call.column}`,
    );
  return {
    method: call.name,
    target: new Ref(type.slice(type.indexOf(':') + 1), self.text.trim()),
    element: { ...call, children: rest },
    operationId: part('Header')?.children.find((child) => child.name === 'operationID')?.text,
  };
}

export function unresolved(method: string, namespace = 'urn:vim25'): VimFault {
  return invalidRequest(
    `Unable to resolve WSDL method name ${method} for namespace name ${namespace}\n\nwhile parsing SOAP body\nat line 1, column 0\n\nwhile parsing SOAP envelope\nat line 1, column 0\n\nwhile parsing HTTP request before method was determined\nat line 1, column 0`,
  );
}

export function answerEnvelope(
  method: string,
  result: Member | undefined,
  value: Value,
  options: EncodeOptions,
): string {
  const content = result ? encodeMember(result, value, options) : '';
  return envelope(`<${method}Response xmlns="urn:vim25">${content}</${method}Response>`);
}

export function faultEnvelope(fault: VimFault, options: EncodeOptions): string {
  const detail = encodeFault(`${fault.type}Fault`, fault.toData(), options, ' xmlns="urn:vim25"');
  return envelope(
    `<soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>${escapeText(fault.message)}</faultstring><detail>${detail}</detail></soapenv:Fault>`,
  );
}

function envelope(body: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/"
 xmlns:soapenv="${soapNamespace}"
 xmlns:xsd="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<soapenv:Body>
${body}
</soapenv:Body>
</soapenv:Envelope>
`;
}
