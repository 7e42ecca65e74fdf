import { Button, type ButtonProps, Tooltip } from '@patternfly/react-core';

interface ActionButtonProps extends Omit<ButtonProps, 'isAriaDisabled' | 'isDisabled'> {
  /** False: shown, with why it cannot be used. */
  readonly allowed: boolean;
  /** False: something is missing yet. */
  readonly ready?: boolean;
}

/** A button that who may not use it sees as such, and reads why. */
export function ActionButton({ allowed, ready = true, onClick, ...rest }: ActionButtonProps) {
  if (allowed) return <Button {...rest} isDisabled={!ready} {...(onClick ? { onClick } : {})} />;
  return (
    <Tooltip content="Your role does not allow this. An administrator can change it.">
      <Button {...rest} isAriaDisabled />
    </Tooltip>
  );
}
