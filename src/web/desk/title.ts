import { t } from '../texts/desk.ts';

/** What the service calls a session in which nobody has written yet. */
const unnamed = 'New conversation';

/** What a session is called, in the language of the page. */
export const titleInWords = (title: string): string => (title === unnamed ? t('untitled') : title);
