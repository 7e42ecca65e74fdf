import { z } from 'zod';

/** Gives the schema of an answer a name in the API description, where it then stands once. */
export function named<Schema extends z.ZodType>(id: string, schema: Schema): Schema {
  z.globalRegistry.add(schema, { ...z.globalRegistry.get(schema), id });
  return schema;
}
