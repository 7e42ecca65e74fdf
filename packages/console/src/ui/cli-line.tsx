import { ClipboardCopy } from '@patternfly/react-core';

/** The command that does or shows the same. */
export function CliLine({ command }: { readonly command: string }) {
  return (
    <div className="lw-cli">
      <span className="lw-cli-label">Same as CLI</span>
      <ClipboardCopy
        isReadOnly
        hoverTip="Copy"
        clickTip="Copied"
        variant="inline-compact"
        isCode
        copyAriaLabel={`Copy ${command}`}
      >
        {command}
      </ClipboardCopy>
    </div>
  );
}
