import { FormSelect, FormSelectOption } from '@patternfly/react-core';
import { type Theme, useTheme } from './theme.ts';

const names: Readonly<Record<Theme, string>> = { system: 'As system', light: 'Light', dark: 'Dark' };

export function ThemeSwitch() {
  const [theme, setTheme] = useTheme();
  return (
    <FormSelect
      aria-label="Colours"
      value={theme}
      className="lw-theme"
      onChange={(_event, value) => setTheme(value as Theme)}
    >
      {Object.entries(names).map(([value, label]) => (
        <FormSelectOption key={value} value={value} label={label} />
      ))}
    </FormSelect>
  );
}
