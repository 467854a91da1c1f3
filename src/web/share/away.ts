import type { ShareAt } from '../../client/share.ts';
import { type PushAddress, pushKeyOf, tellWhenAway } from '../../client/share-push.ts';
import { troubleInWords } from '../chat/in-words.ts';
import { make } from '../element.ts';
import { attempt } from '../memory.ts';
import type { Notice } from '../notice.ts';
import { t } from '../texts/share.ts';

const kept = 'aside.told-when-away';
const script = '/push-worker.js';

const toldHere = (): readonly string[] => attempt(() => JSON.parse(localStorage.getItem(kept) ?? '[]') as string[]) ?? [];
const remember = (id: string, on: boolean) =>
  attempt(() => localStorage.setItem(kept, JSON.stringify([...toldHere().filter((each) => each !== id), ...(on ? [id] : [])])));

type Policies = { createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string } };

/** The pages take an address of a script only from whoever may name one: this one names one, and always the same. */
let named: string | undefined;
function workerAddress(): string {
  if (named !== undefined) return named;
  const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes;
  named = policies?.createPolicy('aside-push', { createScriptURL: () => script }).createScriptURL(script) ?? script;
  return named;
}

const bytesOf = (key: string) => Uint8Array.from(atob(key.replace(/-/g, '+').replace(/_/g, '/')), (sign) => sign.charCodeAt(0));

/** This browser as somebody reaches it while the page is closed. */
async function addressHere(key: string, registered: Promise<ServiceWorkerRegistration>): Promise<PushAddress> {
  await registered;
  const { pushManager } = await navigator.serviceWorker.ready;
  const subscription = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(key) });
  const { endpoint, keys } = subscription.toJSON();
  return { endpoint: endpoint ?? '', keys: { p256dh: keys?.p256dh ?? '', auth: keys?.auth ?? '' } };
}

/** Offers to tell somebody of new messages while they are away, where service and browser can. */
export function awayOffer(at: ShareAt, id: string, who: string, notice: Notice): HTMLElement {
  const button = make('button', { type: 'button', id: 'away' }, t('tellMe'));
  const box = make('div', { class: 'away', hidden: '' }, button, make('p', { class: 'hint' }, t('tellMeMeans')));
  if (!('serviceWorker' in navigator && 'PushManager' in globalThis && 'Notification' in globalThis)) return box;
  let isOn = toldHere().includes(id) && Notification.permission === 'granted';
  let registered: Promise<ServiceWorkerRegistration> | undefined;

  function show(): void {
    button.setAttribute('aria-pressed', String(isOn));
    button.textContent = t(isOn ? 'tellMeOn' : 'tellMe');
  }

  async function begin(key: string): Promise<void> {
    if ((await Notification.requestPermission()) !== 'granted') return notice.show(t('tellMeDenied'));
    registered ??= navigator.serviceWorker.register(workerAddress());
    const address = await addressHere(key, registered).catch(() => undefined);
    if (!address) registered = undefined;
    if (!address) return notice.show(t('tellMeUnable'));
    await tellWhenAway(at, id, who, address);
    isOn = true;
  }

  async function change(key: string): Promise<void> {
    button.disabled = true;
    try {
      if (isOn) {
        await tellWhenAway(at, id, who, null);
        isOn = false;
      } else await begin(key);
      remember(id, isOn);
    } catch (thrown) {
      notice.show(troubleInWords(thrown));
    }
    button.disabled = false;
    show();
  }

  show();
  pushKeyOf(at).then(
    (key) => {
      box.hidden = key === undefined;
      if (key !== undefined) button.addEventListener('click', () => void change(key));
    },
    // without an answer nothing is offered
    () => undefined,
  );
  return box;
}
