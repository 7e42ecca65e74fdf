import { expect, it } from 'vitest';
import { ruleOf } from './oidc.ts';

it.each([
  ['admins=administrator', { value: 'admins', role: 'administrator' }],
  ['cn=ops,dc=x=operator', { value: 'cn=ops,dc=x', role: 'operator' }],
  ['a b=restore-operator:a-*,b', { value: 'a b', role: 'restore-operator', scope: { jobs: ['a-*', 'b'] } }],
])('%s is a rule', (text, rule) => {
  expect(ruleOf(text)).toEqual(rule);
});

it.each(['admins', '=operator', 'ops=root', 'ops=operator:'])('%j is none', (text) => {
  expect(() => ruleOf(text)).toThrow(/L-CFG-103/);
});
