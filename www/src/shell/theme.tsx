// Dark or light: as the system has it until somebody chooses.
import { useState } from 'react';
import { Button } from '@cloudflare/kumo/components/button';

import { MoonIcon, SunIcon } from '../ui/icons';

export type Theme = 'light' | 'dark';

const current = (): Theme => (document.documentElement.dataset.mode === 'dark' ? 'dark' : 'light');

export function setTheme(theme: Theme): void {
  document.documentElement.dataset.mode = theme;
  try {
    localStorage.setItem('theme', theme);
  } catch {
    // Storage is switched off: it holds for this page.
  }
}

export const switchTheme = (): Theme => {
  const next = current() === 'dark' ? 'light' : 'dark';
  setTheme(next);
  return next;
};

export function ThemeButton() {
  const [theme, set] = useState(current);
  return (
    <Button
      variant="ghost"
      shape="square"
      icon={theme === 'dark' ? SunIcon : MoonIcon}
      aria-label={theme === 'dark' ? 'Use the light theme' : 'Use the dark theme'}
      onClick={() => set(switchTheme())}
    />
  );
}
