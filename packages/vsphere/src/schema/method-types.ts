import type { MethodName, methods } from './methods.ts';
import type { FieldsAs, ValueOf } from './values.ts';

type Table = typeof methods;

/** Parameters of a method, without `_this`. */
export type ParamsOf<M extends MethodName> = FieldsAs<Table[M]['params']>;

/** Result of a method; `undefined` where it returns nothing or an optional value is unset. */
export type ResultOf<M extends MethodName> = Table[M] extends { result: infer Text }
  ? Text extends `${string}?`
    ? ValueOf<Text> | undefined
    : ValueOf<Text>
  : undefined;
