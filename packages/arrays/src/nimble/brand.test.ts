import { describe, expect, it } from 'vitest';
import { brandOf } from './brand.ts';

describe('brand', () => {
  it.each([
    [['AF40'], 'HPE Nimble Storage'],
    [['CS500'], 'HPE Nimble Storage'],
    [['Alletra 6030'], 'HPE Alletra 6000'],
    [['', 'HPE Alletra 5010'], 'HPE Alletra 5000'],
    [[], 'HPE Nimble Storage'],
  ])('of %j is %s', (models, brand) => {
    expect(brandOf(models)).toBe(brand);
  });
});
