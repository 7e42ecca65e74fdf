import type { CatalogueFile } from '../datastore/catalogue.ts';
import { escapeText } from '../soap/xml-tree.ts';

/** Where a listing is: '' for the datacenters, then the datastores of one, then folders of a datastore. */
export interface ListingPlace {
  readonly datacenter?: string | undefined;
  readonly datastore?: string | undefined;
  readonly path: string;
}

export interface ListingRow {
  readonly name: string;
  readonly place: ListingPlace;
  readonly file?: CatalogueFile | undefined;
}

/** The page that hosts show for a folder: a table of links written from the root of the server. */
export function listingPage(place: ListingPlace, rows: readonly ListingRow[]): string {
  const { datacenter, datastore, path } = place;
  const title = [
    `Index of ${datastore === undefined ? 'datastores' : path === '' ? '/' : path}`,
    ...(datastore === undefined ? [] : [`on datastore ${datastore}`]),
    ...(datacenter === undefined ? [] : [`in datacenter ${datacenter}`]),
  ].join(' ');
  const links = [...(place.datacenter === undefined ? [] : [parentRow(place)]), ...rows.map(row)];
  return `<!DOCTYPE html>
<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8" /><title>${escapeText(title)}</title></head>
<body><h1>${escapeText(title)}</h1><table>
<tr><th>Name</th><th>Last modified</th><th>Size</th></tr><tr><th colspan="3"><hr /></th></tr>
${links.join('\n')}
</table></body></html>
`;
}

function row({ name, place, file }: ListingRow): string {
  const modified = file ? new Date(file.modifiedMs).toISOString().slice(0, 16).replace('T', ' ') : '-';
  const shown = escapeText(file || place.path === '' ? name : `${name}/`);
  return `<tr><td><a href="${escapeText(linkTo(place))}">${shown}</a></td><td align="right">${modified}</td><td align="right">${file?.sizeBytes ?? '-'}</td></tr>`;
}

function parentRow({ datacenter, datastore, path }: ListingPlace): string {
  const place =
    datastore === undefined
      ? { path: '' }
      : path === ''
        ? { datacenter, path: '' }
        : { datacenter, datastore, path: path.split('/').slice(0, -1).join('/') };
  return `<tr><td><a href="${escapeText(linkTo(place))}">Parent Directory</a></td><td></td><td align="right">-</td></tr>`;
}

function linkTo({ datacenter, datastore, path }: ListingPlace): string {
  const inside = path === '' ? '' : `/${path.split('/').map(encodeURIComponent).join('/')}`;
  const query = [
    ...(datacenter === undefined ? [] : [`dcPath=${encodeURIComponent(datacenter)}`]),
    ...(datastore === undefined ? [] : [`dsName=${encodeURIComponent(datastore)}`]),
  ].join('&');
  return `/folder${inside}${query === '' ? '' : `?${query}`}`;
}
