import { localTime, utcTime } from '../format/when.ts';

/** A time as the browser's clock shows it; in UTC on hover. */
export function When({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={utcTime(at)} className="lw-nowrap">
      {localTime(at)}
    </time>
  );
}
