import { texts } from './texts.ts';

export const { t, parts } = await texts({ en: () => import('./desk-en.ts'), de: () => import('./desk-de.ts') });
