/** Words that stand for what nobody may find anywhere but where they were put: each is unlike anything the service says itself. */
export const sentinels = {
  name: 'Quillfeather',
  context: 'zanzibarquartz',
  goal: 'marmaladeviaduct',
  participants: 'thistledownowl',
  tone: 'gossamerlantern',
  said: 'pumpernickelcomet',
  other: 'saxophoneglacier',
  typed: 'velvetrhubarb',
  token: 'moonbeamcarburettor',
  address: 'harlequinteapot',
  sound: 'peppercornzeppelin',
  title: 'cinnamonlighthouse',
  guest: 'Dandelionforge',
  room: 'nutmegtrampoline',
  desk: 'lavendersubmarine',
  talk: 'turnipchandelier',
  shared: 'walnutgondola',
  file: 'rosemarysledge',
  query: 'paprikaharpsichord',
  whisper: 'juniperaccordion',
  event: 'saffronwheelbarrow',
  forced: 'tangerineobelisk',
  ticket: 'cardamomgyroscope0000000000000000',
  brought: 'gingerbreadsextant',
  crash: 'hazelnutperiscope',
  push: 'caramelweathervane',
  vendor: 'liquoricebarometer0tamarindlocomotive',
  key: 'butterscotchanvil0123456789abcdef0123456789',
} as const;

/** Which of these words, and of others that were learnt on the way, stand in a text; in any letters, in base64 or percent-encoded too. */
export function sentinelsIn(text: string, more: readonly string[] = []): string[] {
  const all = text.toLowerCase();
  const forms = (word: string) => [word, encodeURIComponent(word), ...[0, 1, 2].map((shift) => base64Middle(word, shift))];
  return [...Object.values(sentinels), ...more].filter((word) => forms(word).some((form) => all.includes(form.toLowerCase())));
}

/** The letters that a word always has in base64, wherever in a text of bytes it begins. */
function base64Middle(word: string, shift: number): string {
  const encoded = Buffer.from('x'.repeat(shift) + word).toString('base64');
  return encoded.slice(shift === 0 ? 0 : shift + 1, Math.floor(((word.length + shift) * 8) / 24) * 4);
}
