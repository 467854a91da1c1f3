import { texts } from './texts.ts';

export const { t, parts } = await texts({ en: () => import('./frame-en.ts'), de: () => import('./frame-de.ts') });
