import { useEffect, useState } from 'react';

export type Theme = 'system' | 'light' | 'dark';

const storageKey = 'leeward-theme';
const themes: readonly Theme[] = ['system', 'light', 'dark'];

/** What the user chose; else as the system is. Applied to the page, kept in the browser. */
export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState<Theme>(
    () => themes.find((each) => each === window.localStorage.getItem(storageKey)) ?? 'system',
  );
  useEffect(() => {
    window.localStorage.setItem(storageKey, theme);
    const dark = window.matchMedia('(prefers-color-scheme: dark)');
    const apply = () => {
      const isDark = theme === 'dark' || (theme === 'system' && dark.matches);
      document.documentElement.classList.toggle('pf-v6-theme-dark', isDark);
    };
    apply();
    dark.addEventListener('change', apply);
    return () => dark.removeEventListener('change', apply);
  }, [theme]);
  return [theme, setTheme];
}
