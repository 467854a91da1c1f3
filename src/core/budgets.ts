/** Every number that bounds what the service takes, keeps and waits for: its value and what it bounds. Times in ms, sizes in bytes. */
export const budgetTable = {
  frame: [65_536, 'one frame from a client; a larger one closes its socket with 1009'],
  text: [8_192, 'one text command'],
  waitingFrames: [64, 'frames of one socket that wait unread before it is paused'],
  strikes: [3, 'commands in a row that cannot be understood before their socket is closed with 1008'],
  backlog: [1_048_576, 'unread by one client; above it the socket is closed with 4008 and comes back by seq'],
  soundBacklog: [262_144, 'unread by one client; above it the rest of a whisper is dropped whole'],
  waitingSound: [1_048_576, 'sound of one microphone that waits for the ear before its socket is paused'],
  soundPerSecond: [49_152, 'sound that a socket may send each second; bare 16 kHz samples take 32,000'],
  soundBurst: [1_048_576, 'sound that a socket may send at once'],
  framesPerSecond: [50, 'frames that a socket may send each second'],
  framesBurst: [1_000, 'frames that a socket may send at once'],
  disorder: [64, 'numbered pieces of sound that may come before one that is missing'],
  socketsPerSession: [8, 'sockets of one session: one that takes part, the others watch'],
  auth: [3_000, 'that a socket may take to say who it is before it is closed with 4001'],
  ticket: [30_000, 'that a ticket is good for'],
  tickets: [10_000, 'tickets that wait to be used; the oldest makes room'],
  token: [14_400_000, 'that a token which an owner gives away is good for at most'],
  grants: [64, 'tokens of one session that hold at once'],
  pingEvery: [5_000, 'between two signs of life'],
  missedPings: [2, 'signs of life that may be missed before a socket is dead'],
  returning: [60_000, 'that an ear waits for a client whose line is down before it writes down what it has'],
  lastSuggestion: [3_000, 'that stop waits for the last suggestion'],
  lastWords: [1_400, 'that finish waits for the last words'],
  drainWords: [3_000, 'that a leaving process waits for the last words'],
  drainSockets: [5_000, 'after which a leaving process cuts the sockets that did not close'],
  drain: [10_000, 'after which a leaving process is gone, whatever happens'],
  request: [30_000, 'that a request may take to arrive'],
  body: [65_536, 'the body of one request'],
  voiceFirst: [1_500, 'that a voice may take to its first sound'],
  voiceBetween: [1_500, 'that a voice may take to its next piece'],
  voiceTotal: [15_000, 'that a voice may take in all'],
  idle: [600_000, 'without anybody there after which a conversation leaves memory; its log wakes it'],
} as const satisfies Record<string, readonly [number, string]>;

export type Budgets = { readonly [Name in keyof typeof budgetTable]: number };

/** The budgets as they are unless BUDGETS says otherwise. */
export const budgets = Object.fromEntries(Object.entries(budgetTable).map(([name, [value]]) => [name, value])) as Budgets;
