import type { Kind, Role } from '../../src/core/entry.ts';

/** The ways in which a service decides who may use it. */
export const modes = ['open', 'keys', 'compat'] as const;
export type Mode = (typeof modes)[number];

/** Everybody who may stand at the gate. */
export const states = [
  'nobody',
  'garbage',
  'owner',
  'speaker',
  'viewer',
  'whisper',
  'export',
  'owner of another',
  'revoked',
  'expired',
  'key',
] as const;
export type State = (typeof states)[number];

/** What somebody wants. */
export type Deed = 'rule' | 'speak' | 'watch' | 'whisper' | 'read' | 'copy';

const rights: Record<Role, readonly Deed[]> = {
  owner: ['rule', 'speak', 'watch', 'read', 'copy'],
  speaker: ['speak', 'watch', 'read'],
  viewer: ['watch', 'read'],
  whisper: ['whisper', 'watch', 'read'],
  export: ['read', 'copy'],
};

const isRole = (state: State): state is Role & State => Object.hasOwn(rights, state);

function roleOf(state: State, mode: Mode): Role | undefined {
  if (isRole(state)) return state;
  if (state === 'key') return mode === 'open' ? undefined : 'owner';
  return state === 'nobody' && mode !== 'keys' ? 'owner' : undefined;
}

/** The same for a conversation that is shared by its link: whoever has that takes part. */
function linkRoleOf(state: State, mode: Mode): Role | undefined {
  if (state === 'nobody') return 'speaker';
  return state === 'key' && mode !== 'open' ? 'owner' : isRole(state) ? state : undefined;
}

/** As what somebody in that state comes into a conversation of that kind, if at all. */
export const roleAt = (kind: Kind | undefined) => (kind === 'share' || kind === 'room' ? linkRoleOf : roleOf);

/** Whether that role is enough for this. */
export const mayDo = (role: Role | undefined, deed: Deed): boolean => role !== undefined && rights[role].includes(deed);
