import { FormGroup, FormSelect, FormSelectOption } from '@patternfly/react-core';
import { FieldHelp } from './field-help.tsx';

interface SelectFieldProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Value and what is shown for it. */
  readonly choices: readonly (readonly [string, string])[];
  readonly help?: string;
  readonly required?: boolean;
}

/** One of a few choices in a form. */
export function SelectField(props: SelectFieldProps) {
  const { id, label, value, onChange, choices, help, required = false } = props;
  return (
    <FormGroup label={label} fieldId={id} isRequired={required}>
      <FormSelect
        id={id}
        value={value}
        aria-describedby={help ? `${id}-help` : undefined}
        onChange={(_event, chosen) => onChange(chosen)}
      >
        {choices.map(([each, text]) => (
          <FormSelectOption key={each} value={each} label={text} />
        ))}
      </FormSelect>
      <FieldHelp fieldId={id} text={help} />
    </FormGroup>
  );
}
