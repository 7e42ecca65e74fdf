import { Card, CardBody, CardTitle } from '@patternfly/react-core';
import type { ReactNode } from 'react';

interface TileProps {
  readonly title: string;
  readonly wide?: boolean;
  readonly children: ReactNode;
}

/** One answer of the overview. */
export function Tile({ title, wide = false, children }: TileProps) {
  return (
    <Card {...(wide ? { className: 'lw-wide' } : {})}>
      <CardTitle component="h2">{title}</CardTitle>
      <CardBody>{children}</CardBody>
    </Card>
  );
}
