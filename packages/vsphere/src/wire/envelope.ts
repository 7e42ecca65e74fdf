import { decodeDeclared, decodeObject } from '../codec/decode.ts';
import { encodeFields } from '../codec/encode.ts';
import { escapeXml } from '../codec/escape.ts';
import { childOf, childrenOf, MalformedAnswer, type XmlElement } from '../codec/xml-element.ts';
import { parseField } from '../schema/grammar.ts';
import type { ParamsOf, ResultOf } from '../schema/method-types.ts';
import { type MethodDefinition, type MethodName, methods } from '../schema/methods.ts';
import type { Ref } from '../schema/values.ts';

const table: Readonly<Record<MethodName, MethodDefinition>> = methods;

export interface Call<M extends MethodName> {
  readonly method: M;
  readonly target: Ref;
  readonly params: ParamsOf<M>;
}

/** The SOAP envelope of a call. */
export function encodeCall<M extends MethodName>(
  call: Call<M>,
  version: string,
  operationId: string,
): string {
  const { method, target, params } = call;
  const fields = Object.entries(table[method].params).map(([name, text]) => parseField(name, text));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"',
    ' xmlns:xsd="http://www.w3.org/2001/XMLSchema"',
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">',
    `<soapenv:Header><operationID>${escapeXml(operationId)}</operationID></soapenv:Header>`,
    `<soapenv:Body><${method} xmlns="urn:vim25">`,
    `<_this type="${escapeXml(target.type)}">${escapeXml(target.moId)}</_this>`,
    encodeFields(params, fields, version),
    `</${method}></soapenv:Body></soapenv:Envelope>`,
  ].join('');
}

/** The first element inside the SOAP body: the answer or a fault. */
export function bodyOf(document: XmlElement): XmlElement {
  const body = document.name === 'Envelope' ? childOf(document, 'Body') : undefined;
  const content = body?.children[0];
  if (!content) throw new MalformedAnswer('the answer is no SOAP envelope with a body');
  return content;
}

/** The result of a call out of its `…Response` element. */
export function decodeResult<M extends MethodName>(method: M, response: XmlElement): ResultOf<M> {
  if (response.name.toLowerCase() !== `${method}Response`.toLowerCase())
    throw new MalformedAnswer(`the answer to ${method} is ${response.name}`);
  const text = table[method].result;
  if (text === undefined) return undefined as ResultOf<M>;
  const { repeated, optional } = parseField('returnval', text);
  const values = childrenOf(response, 'returnval');
  if (repeated) {
    const wrapper: XmlElement = { name: response.name, children: values, text: '' };
    return decodeDeclared(wrapper, text) as ResultOf<M>;
  }
  if (values[0]) return decodeDeclared(values[0], text) as ResultOf<M>;
  if (optional) return undefined as ResultOf<M>;
  throw new MalformedAnswer(`the answer to ${method} is empty`);
}

/** Decodes the detail of a SOAP fault: the actual fault type, whatever its element and namespace are called. */
export function decodeFaultDetail(fault: XmlElement): {
  readonly fault: ReturnType<typeof decodeObject<'MethodFault'>>;
  readonly text: string;
} {
  const text = childOf(fault, 'faultstring')?.text ?? '';
  const detail = childOf(fault, 'detail')?.children[0];
  if (!detail) return { fault: { $type: 'UnexpectedFault', faultMessage: [] }, text };
  const named = detail.name.replace(/Fault$/, '');
  const typed = detail.xsiType === undefined ? { ...detail, xsiType: named } : detail;
  return { fault: decodeObject(typed, 'MethodFault'), text };
}
