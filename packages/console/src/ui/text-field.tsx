import { FormGroup, TextInput } from '@patternfly/react-core';
import { FieldHelp } from './field-help.tsx';

interface TextFieldProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly help?: string;
  readonly required?: boolean;
  readonly type?: 'text' | 'password' | 'number';
}

/** A line of text in a form. */
export function TextField({
  id,
  label,
  value,
  onChange,
  help,
  required = false,
  type = 'text',
}: TextFieldProps) {
  return (
    <FormGroup label={label} fieldId={id} isRequired={required}>
      <TextInput
        id={id}
        type={type}
        isRequired={required}
        value={value}
        autoComplete={type === 'password' ? 'new-password' : 'off'}
        aria-describedby={help ? `${id}-help` : undefined}
        onChange={(_event, text) => onChange(text)}
      />
      <FieldHelp fieldId={id} text={help} />
    </FormGroup>
  );
}
