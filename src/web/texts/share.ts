import { texts } from './texts.ts';

export const { t, parts } = await texts({ en: () => import('./share-en.ts'), de: () => import('./share-de.ts') });
