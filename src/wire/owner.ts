import { z } from 'zod';

const over = 'It is over; everybody in it is told, and what was said stays as long as it is kept.';
const gone = 'It is erased: nothing of it is left.';

/** The receipts for what is called a session. */
export const sessionEnded = z.object({ session_id: z.string(), ended: z.literal(true) }).describe(over);
export const sessionErased = z.object({ session_id: z.string(), erased: z.literal(true) }).describe(gone);

/** The same for rooms. */
export const roomEnded = z.object({ room_id: z.string(), ended: z.literal(true) }).describe(over);
export const roomErased = z.object({ room_id: z.string(), erased: z.literal(true) }).describe(gone);
