import { make } from './element.ts';
import { frame } from './frame.ts';
import { t } from './texts/frame.ts';

const { main } = frame('conversations');
main.append(make('h1', {}, t('conversations')));
