/** What a browser lets a page do that is not open, as far as a notification needs it. */
type Waiting = { waitUntil(work: Promise<unknown>): void };
type Shown = { readonly tag: string; close(): void };
type Window = { readonly url: string; focus(): Promise<unknown> };
type Worker = {
  readonly location: Location;
  readonly navigator: { readonly language: string };
  readonly registration: { showNotification(title: string, options: { body: string; tag: string }): Promise<void> };
  readonly clients: {
    matchAll(which: { type: 'window'; includeUncontrolled: true }): Promise<readonly Window[]>;
    openWindow(address: string): Promise<unknown>;
  };
  addEventListener(type: 'push', hear: (event: Waiting & { data: { json(): unknown } | null }) => void): void;
  addEventListener(type: 'notificationclick', hear: (event: Waiting & { notification: Shown }) => void): void;
};

const worker = globalThis as unknown as Worker;
// this is loaded by itself, where the texts of the pages are not
const somethingNew = worker.navigator.language.startsWith('de')
  ? 'In einer Unterhaltung wurde etwas Neues geschrieben.'
  : 'Something new was written in a conversation.';

worker.addEventListener('push', (event) => {
  const { room_id } = (event.data?.json() ?? {}) as { room_id?: unknown };
  if (typeof room_id === 'string') event.waitUntil(worker.registration.showNotification('Aside', { body: somethingNew, tag: room_id }));
});

/** A page of it that is open knows the key of what is encrypted; a new one would not. */
async function lead(room: string): Promise<void> {
  const path = `/conversation/${encodeURIComponent(room)}`;
  const open = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const known = open.find(({ url }) => new URL(url).pathname === path);
  await (known ? known.focus() : worker.clients.openWindow(path));
}

worker.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(lead(event.notification.tag));
});

export {};
