import { texts } from './texts.ts';

export const { t, parts } = await texts({ en: () => import('./coach-en.ts'), de: () => import('./coach-de.ts') });
