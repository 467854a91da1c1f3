import { texts } from './texts.ts';

export const { t } = await texts({ en: () => import('./friend-en.ts'), de: () => import('./friend-de.ts') });
