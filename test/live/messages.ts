/** A reader of the messages of a live view, as a page without eyes. */
import { decodeData } from '../../src/report/page/client/data.js';
import type { Messages } from '../../src/report/page/client/live-messages.js';

export type Message = {
  [K in keyof Messages]: { readonly kind: K; readonly message: Messages[K] };
}[keyof Messages];

/** All messages from now on, until the stream ends or the loop over them is left. */
export async function* messagesOf(address: string): AsyncGenerator<Message> {
  const controller = new AbortController();
  const response = await fetch(`${address}events`, { signal: controller.signal });
  if (!response.ok) throw new Error(`status ${response.status}`);
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of response.body!) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      const events = text.split('\n\n');
      text = events.pop()!;
      for (const event of events) {
        const [, kind, data] = /^event: (\w+)\ndata: (.*)$/.exec(event) ?? [];
        if (kind !== undefined) yield { kind, message: decodeData(data!) } as Message;
      }
    }
  } finally {
    controller.abort();
  }
}

/** The first message of a kind that a condition holds for. */
export async function messageOf<K extends keyof Messages>(
  address: string,
  kind: K,
  isWanted: (message: Messages[K]) => boolean = () => true,
): Promise<Messages[K]> {
  for await (const { kind: found, message } of messagesOf(address)) {
    if (found === kind && isWanted(message as Messages[K])) return message as Messages[K];
  }
  throw new Error(`the stream ended without such a message of kind ${kind}`);
}
