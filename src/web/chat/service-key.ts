import { make } from '../element.ts';
import { rememberedKey, rememberKey } from '../memory.ts';
import { t } from '../texts/chat.ts';

/** Asks for a key of the service; nothing where somebody has none. */
export function askForKey(wrong: boolean): Promise<string | undefined> {
  const field = make('input', { id: 'service-key', type: 'password', maxlength: '256', autocomplete: 'off', spellcheck: 'false', required: '' });
  const cancel = make('button', { type: 'button' }, t('cancel'));
  const form = make(
    'form',
    { method: 'dialog' },
    make('h2', { id: 'key-title' }, t('keyTitle')),
    make('p', {}, wrong ? t('keyWrong') : t('keyHint')),
    make('label', { for: 'service-key' }, t('keyField')),
    field,
    make('div', { class: 'buttons' }, cancel, make('button', { type: 'submit', class: 'primary', id: 'use-key' }, t('keyGo'))),
  );
  const dialog = make('dialog', { 'aria-labelledby': 'key-title' }, form);
  document.body.append(dialog);
  cancel.addEventListener('click', () => dialog.close());
  let key: string | undefined;
  form.addEventListener('submit', () => {
    key = field.value.trim() || undefined;
  });
  dialog.showModal();
  return new Promise((resolve) =>
    dialog.addEventListener(
      'close',
      () => {
        dialog.remove();
        resolve(key);
      },
      { once: true },
    ),
  );
}

const isKeyNeeded = (thrown: unknown): boolean => thrown instanceof Error && 'code' in thrown && thrown.code === 'key_needed';

/** Does something for which the service may ask for a key: asks for it until it is right or somebody gives up. */
export async function withKey<Answer>(work: (key: string | undefined) => Promise<Answer>): Promise<Answer> {
  try {
    return await work(rememberedKey());
  } catch (thrown) {
    if (!isKeyNeeded(thrown)) throw thrown;
    const key = await askForKey(rememberedKey() !== undefined);
    rememberKey(undefined);
    if (key === undefined) throw thrown;
    rememberKey(key);
    return withKey(work);
  }
}
