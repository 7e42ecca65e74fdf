import { Button, SearchInput, Toolbar, ToolbarContent, ToolbarItem } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, type ThProps, Tr } from '@patternfly/react-table';
import { type ReactNode, useMemo, useState } from 'react';
import { counted } from '../format/when.ts';
import { useQueryState } from '../router/use-query-state.ts';
import { orderText, parseOrder, type RowColumn, rowsOf } from './table-rows.ts';
import { useRowWindow } from './use-row-window.ts';

export interface Column<T> extends RowColumn<T> {
  readonly title: string;
  /** Left out: the value as it is. */
  readonly render?: (row: T) => ReactNode;
  /** Not a value to order by: what can be done with the row. */
  readonly plain?: true;
  /** Numbers stand at the right. */
  readonly numeric?: boolean;
}

export interface DataTableProps<T> {
  /** Tells the tables of a page apart, in its address too. */
  readonly name: string;
  readonly label: string;
  /** What a row is: `VM`. */
  readonly word: string;
  /** Left out: the word with an s. */
  readonly plural?: string;
  readonly rows: readonly T[];
  readonly columns: readonly Column<T>[];
  readonly rowKey: (row: T) => string;
  /** As in addresses: `name`, or `-name` for the other direction. */
  readonly order: string;
  /** More filters, beside the one for text. */
  readonly filters?: ReactNode;
  /** The text is looked for by the server, as the address names it; the rows are what it found. */
  readonly foundByServer?: boolean;
  /** There are more rows than were read; reads some of them. */
  readonly more?: (() => void) | undefined;
}

/** Many rows with order and filter, both in the address; only what is seen is drawn. */
export function DataTable<T>(props: DataTableProps<T>) {
  const { name, label, word, plural, rows, columns, rowKey, filters, foundByServer, more } = props;
  const [filter, setFilter] = useQueryState(`${name}-find`);
  const [orderInUrl, setOrder] = useQueryState(`${name}-order`, props.order);
  const order = parseOrder(orderInUrl);
  const [typed, setTyped] = useState(filter);
  const shown = useMemo(
    () => rowsOf(rows, columns, foundByServer ? '' : filter, parseOrder(orderInUrl)),
    [rows, columns, filter, foundByServer, orderInUrl],
  );
  const { box, body, window, isLong } = useRowWindow(shown.length);
  const sortBy = order
    ? { index: columns.findIndex((each) => each.key === order.key), direction: order.direction }
    : {};
  const type = (text: string) => {
    setTyped(text);
    setFilter(text);
  };
  return (
    <>
      <Toolbar inset={{ default: 'insetNone' }}>
        <ToolbarContent>
          <ToolbarItem>
            <SearchInput
              aria-label={`Find in ${label}`}
              placeholder="Find"
              value={typed}
              onChange={(_event, text) => type(text)}
              onClear={() => type('')}
            />
          </ToolbarItem>
          {filters}
          <ToolbarItem alignSelf="center">
            <span role="status">
              {shown.length === rows.length
                ? counted(rows.length, word, plural)
                : `${shown.length.toLocaleString('en')} of ${counted(rows.length, word, plural)}`}
              {more ? ' read; there are more' : ''}
            </span>
          </ToolbarItem>
        </ToolbarContent>
      </Toolbar>
      <section
        ref={box}
        className={isLong ? 'lw-long' : 'lw-short'}
        {...(isLong ? { tabIndex: 0 } : {})}
        aria-label={label}
      >
        <Table aria-label={label} variant="compact" aria-rowcount={shown.length + 1} isStickyHeader={isLong}>
          <Thead>
            <Tr>
              {columns.map(({ key, title, numeric, plain }, at) => (
                <Th
                  key={key}
                  modifier={isLong ? 'nowrap' : 'wrap'}
                  {...(numeric ? { className: 'lw-number' } : {})}
                  {...(plain
                    ? {}
                    : {
                        sort: {
                          columnIndex: at,
                          sortBy,
                          onSort: (_event, _index, direction) => setOrder(orderText({ key, direction })),
                        } satisfies ThProps['sort'],
                      })}
                >
                  {title}
                </Th>
              ))}
            </Tr>
          </Thead>
          <Tbody ref={body}>
            {window.above > 0 ? <Gap height={window.above} columns={columns.length} /> : null}
            {shown.slice(window.from, window.to).map((row, at) => (
              <Tr key={rowKey(row)} aria-rowindex={window.from + at + 2} data-row>
                {columns.map(({ key, title, value, render, numeric }) => (
                  <Td key={key} dataLabel={title} {...(numeric ? { className: 'lw-number' } : {})}>
                    <div>{render ? render(row) : value(row)}</div>
                  </Td>
                ))}
              </Tr>
            ))}
            {window.below > 0 ? <Gap height={window.below} columns={columns.length} /> : null}
          </Tbody>
        </Table>
        {more ? (
          <Button variant="link" onClick={more}>
            Read more
          </Button>
        ) : null}
        {shown.length === 0 && (rows.length > 0 || foundByServer) ? (
          <p className="lw-none">No {word} fits what is looked for.</p>
        ) : null}
      </section>
    </>
  );
}

/** In place of rows that are not drawn. */
function Gap({ height, columns }: { readonly height: number; readonly columns: number }) {
  return (
    <tr>
      <td colSpan={columns} style={{ height, padding: 0 }} />
    </tr>
  );
}
