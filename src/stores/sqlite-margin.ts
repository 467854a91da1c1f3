/** Small pages: little is written for a line, and little is left over. */
export const pageSize = 1_024;

// SQLite copies what lies in the pages of a tree as the tree grows, and does not wipe what it copied from. What does not
// fit there lies in pages of its own, which are never copied and are wiped when freed. This is the most that it keeps in the tree.
const inTree = Math.floor(((pageSize - 12) * 64) / 255) - 23;

const margin = Buffer.alloc(inTree);

/** Puts so much nothing before it that all of it can be wiped one day. */
export const withMargin = (sealed: Uint8Array): Buffer => Buffer.concat([margin, sealed]);

/** Takes the nothing away again. */
export const withoutMargin = (stored: Uint8Array): Uint8Array => stored.subarray(inTree);
