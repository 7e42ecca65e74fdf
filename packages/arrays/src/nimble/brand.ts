/** The name under which the system was sold, by the model names of its arrays. Only a label: never decides a call. */
export function brandOf(models: readonly string[]): string {
  const alletra = models.map(
    (model) => /\b(?:alletra[ -]?)?([56])0(?:10|20|30|50|70|80)\b/i.exec(model)?.[1],
  );
  const family = alletra.find((found) => found !== undefined);
  return family === undefined ? 'HPE Nimble Storage' : `HPE Alletra ${family}000`;
}
