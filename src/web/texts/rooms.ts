import { texts } from './texts.ts';

export const { t, parts } = await texts({ en: () => import('./rooms-en.ts'), de: () => import('./rooms-de.ts') });
