/**
 * Compact schema of the generated description: `p` an object's properties, `a` an array's items, `$` a named
 * definition, else a leaf of type `t` (`date` is a time). `s` first release with the field, `r` read only,
 * `e` allowed values, `l` longest text, `n` and `m` bounds.
 */
export interface SchemaNode {
  readonly p?: Readonly<Record<string, SchemaNode>>;
  readonly a?: SchemaNode;
  readonly $?: string;
  readonly t?: 'string' | 'integer' | 'number' | 'boolean' | 'date' | 'object';
  readonly s?: string;
  readonly r?: 1;
  readonly e?: readonly (string | number)[];
  readonly l?: number;
  readonly n?: number;
  readonly m?: number;
}

export interface OperationContract {
  readonly method: string;
  readonly path: string;
  /** Definition of the body. */
  readonly body?: string;
  /** Definition of a 200 answer. */
  readonly answer?: string;
  readonly query: readonly string[];
  readonly filter?: readonly string[] | string;
  readonly expensive?: readonly string[];
  readonly since?: string;
  readonly ok?: Readonly<Record<string, readonly string[]>>;
}
