export type FormOf = 'html' | 'csv' | 'json';

interface ReportLinksProps {
  readonly name: string;
  readonly forms: readonly FormOf[];
  readonly path: (form: FormOf) => string;
}

/** A report to look at in a tab of its own, and to download in its other forms. */
export function ReportLinks({ name, forms, path }: ReportLinksProps) {
  const file = name.toLowerCase().replaceAll(/\W+/g, '-');
  return (
    <p className="lw-actions-left">
      {forms.map((form) =>
        form === 'html' ? (
          <a key={form} href={`/api/v1${path(form)}`} target="_blank" rel="noreferrer">
            Report of {name.toLowerCase()}
          </a>
        ) : (
          <a key={form} href={`/api/v1${path(form)}`} download={`leeward-${file}.${form}`}>
            {form.toUpperCase()}
          </a>
        ),
      )}
    </p>
  );
}
