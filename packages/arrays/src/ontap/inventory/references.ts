import { z } from 'zod';

/** How ONTAP points to another object: by name, by uuid or by both. */
export const referenceSchema = z.object({ name: z.string().default(''), uuid: z.string().default('') });

export const noReference = { name: '', uuid: '' };
