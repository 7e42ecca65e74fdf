export interface Operation {
  readonly route: string;
  readonly access: string;
}

/** Of docs/security.md. */
const meanings: Readonly<Record<string, string>> = {
  anyone: 'anyone, not signed in',
  viewer: 'every role',
  operator: 'operator, administrator',
  'restore-operator': 'restore operator, administrator',
  administrator: 'administrator',
};

/** Who may do what, as the table of docs/security.md. */
export function accessTable(operations: readonly Operation[]): string {
  const rows = Object.entries(meanings).flatMap(([access, who]) => {
    const routes = operations.filter((each) => each.access === access).map(({ route }) => `\`${route}\``);
    return routes.length === 0 ? [] : [`| ${who} | ${routes.toSorted().join('<br>')} |`];
  });
  return ['| Who | Operations |', '| --- | --- |', ...rows].join('\n');
}
