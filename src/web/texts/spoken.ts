import { texts } from './texts.ts';

export const { t, has } = await texts({ en: () => import('./spoken-en.ts'), de: () => import('./spoken-de.ts') });
