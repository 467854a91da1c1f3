import { make } from './element.ts';
import { frame } from './frame.ts';
import { t } from './texts/frame.ts';

const { main } = frame('history');
main.append(make('h1', {}, t('history')));
