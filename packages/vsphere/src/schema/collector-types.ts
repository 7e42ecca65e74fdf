import type { Types } from './grammar.ts';

/** Types of the property collector. `raw` keeps a value undecoded until its property's type is known. */
export const collectorTypes = {
  PropertySpec: { fields: { type: 'string', all: 'boolean?', pathSet: 'string[]' } },
  SelectionSpec: { fields: { name: 'string?' } },
  TraversalSpec: {
    base: 'SelectionSpec',
    fields: { type: 'string', path: 'string', skip: 'boolean?', selectSet: 'SelectionSpec[]' },
  },
  ObjectSpec: { fields: { obj: 'ref', skip: 'boolean?', selectSet: 'SelectionSpec[]' } },
  PropertyFilterSpec: {
    fields: {
      propSet: 'PropertySpec[]',
      objectSet: 'ObjectSpec[]',
      reportMissingObjectsInResults: 'boolean?',
    },
  },
  RetrieveOptions: { fields: { maxObjects: 'int?' } },
  DynamicProperty: { fields: { name: 'string', val: 'raw?' } },
  MissingProperty: { fields: { path: 'string', fault: 'LocalizedMethodFault' } },
  ObjectContent: {
    fields: { obj: 'ref', propSet: 'DynamicProperty[]', missingSet: 'MissingProperty[]' },
  },
  RetrieveResult: { fields: { token: 'string?', objects: 'ObjectContent[]' } },
} as const satisfies Types;
