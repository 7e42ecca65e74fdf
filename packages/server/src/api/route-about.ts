/** What the API description says of a route, beside the schemas of its input. */
export function about<Input extends object>(
  tag: string,
  summary: string,
  input?: Input,
): { readonly schema: Input & { readonly tags: string[]; readonly summary: string } } {
  return { schema: { tags: [tag], summary, ...input } as Input & { tags: string[]; summary: string } };
}
