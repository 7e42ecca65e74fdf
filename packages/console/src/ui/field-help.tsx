import { FormHelperText, HelperText, HelperTextItem } from '@patternfly/react-core';

interface FieldHelpProps {
  /** Of the field; it is described by `${fieldId}-help`. */
  readonly fieldId: string;
  readonly text: string | undefined;
}

/** What is to be known of a field, below it. */
export function FieldHelp({ fieldId, text }: FieldHelpProps) {
  if (!text) return null;
  return (
    <FormHelperText>
      <HelperText id={`${fieldId}-help`}>
        <HelperTextItem>{text}</HelperTextItem>
      </HelperText>
    </FormHelperText>
  );
}
