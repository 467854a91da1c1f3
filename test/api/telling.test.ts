import { expect, test } from 'vitest';
import type { Fault } from '../support/planted.ts';
import { planted } from '../support/planted.ts';
import { served } from '../support/served.ts';

const secret = 'words of somebody';

test.each<[string, Fault]>([
  ['its numbers', { file: 'src/compose.ts', was: 'numbers(talk.entries)', is: `((): never => { throw new TypeError('${secret}'); })()` }],
  [
    'what is told',
    { file: 'src/api/coach.ts', was: "    case 'passed':", is: `    case 'passed':\n      throw new TypeError('${secret}');\n    case 'asked':` },
  ],
])(
  'V1 when %s fail, the client is told and sent away with 1011, the log says which kind of fault and no words, and nobody else notices',
  async (_, fault) => {
    const { compose } = (await import(new URL('src/compose.ts', planted(fault)).href)) as typeof import('../../src/compose.ts');
    await using house = await served({ VOICE: 'none' }, {}, compose);
    const [one, other] = await Promise.all([house.session(), house.session()]);
    const client = await house.connect(one.id);
    const beside = await house.connect(other.id);
    client.send({ type: 'said', text: 'We met in spring.', speaker: 'other' });
    expect(await client.next('error')).toMatchObject({ code: 'internal', retry: true, message: expect.stringMatching(/come back .*\.$/) });
    expect(await client.closed).toEqual({ code: 1011, reason: 'A fault in the service' });
    beside.send({ type: 'ping' });
    await beside.next('pong');
    // the gate has seen every socket out
    await house.server.close();
    const lines = house.log.filter((line) => line.includes('a socket could not be served'));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ level: 50, code: 'internal', kind: 'TypeError' }]);
    expect(house.log.join('')).not.toContain(secret);
  },
);
