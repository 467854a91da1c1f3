import type { ShownConversation as ToldConversation, ShownMessage as ToldMessage } from '../wire/share.ts';

/** A message; one that does not open with the key that is there says nothing but that. */
export type ShownMessage = ToldMessage & { readonly unreadable?: true };
export type ShownConversation = Omit<ToldConversation, 'messages'> & { readonly messages: readonly ShownMessage[] };

type Who = { readonly user_id: string; readonly username: string };

/** What a shared conversation tells. */
export type ShareNews =
  | {
      readonly event: 'conversation_state';
      readonly data: { readonly conversation: ShownConversation; readonly room_id: string; readonly watching?: true };
    }
  | { readonly event: 'user_joined' | 'user_left'; readonly data: Who & { readonly participant_count: number } }
  | { readonly event: 'new_message'; readonly data: ShownMessage }
  | {
      readonly event: 'message_reaction';
      readonly data: Who & { readonly message_id: string; readonly emoji: string; readonly on: boolean; readonly timestamp: string };
    }
  | { readonly event: 'user_typing'; readonly data: Who & { readonly is_typing: boolean } }
  | { readonly event: 'conversation_ended'; readonly data: { readonly room_id: string; readonly message: string } }
  | { readonly event: 'error'; readonly data: { readonly message: string; readonly code?: string } };
