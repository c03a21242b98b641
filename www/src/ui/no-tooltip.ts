// In place of the tooltip that Kumo's button brings along for its `title`, which no button here has: 35 KB of a first visit.
import type { ReactNode } from 'react';

export const t = ({ children }: { children?: ReactNode }): ReactNode => children;
export const n = t;
