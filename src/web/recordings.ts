import { type Recording, type Session, soundOf } from '../client/session.ts';
import { find, make } from './element.ts';
import { t } from './texts/feedback.ts';

/** Offers the kept sound of a session as files, and says when it goes; nothing where none was kept. */
export function offerRecordings(session: Session, found: readonly Recording[], goes: string, trouble: (thrown: unknown) => void): void {
  const place = find('recordings', HTMLSpanElement);
  place.replaceChildren();
  place.append(...found.map((recording) => button(session, recording, found.length, trouble)));
  if (found.length > 0 && goes !== '') place.append(make('small', {}, goes));
}

function button(session: Session, recording: Recording, of: number, trouble: (thrown: unknown) => void): HTMLButtonElement {
  const offered = make('button', { type: 'button' }, of === 1 ? t('downloadSound') : t('downloadPart', { part: recording.number }));
  offered.addEventListener('click', () => void save(session, recording).catch(trouble));
  return offered;
}

async function save(session: Session, recording: Recording): Promise<void> {
  const url = URL.createObjectURL(await soundOf(session, recording));
  make('a', {
    href: url,
    download: `aside-${session.id.slice(0, 8)}-${recording.number}.${recording.format === 'pcm' ? 'wav' : recording.format}`,
  }).click();
  // the browser has taken the file by then
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
