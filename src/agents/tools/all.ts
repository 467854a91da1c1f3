import { arithmetic } from './arithmetic.ts';
import { currentTime } from './current-time.ts';
import { recall } from './recall.ts';
import type { Tool } from './tool.ts';

/** The tools of the assistant. A new one is a file beside these and its name here. */
export const tools: readonly Tool[] = [currentTime, arithmetic, recall];
