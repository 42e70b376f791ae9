import { fork } from 'node:child_process';
import { once } from 'node:events';

/** A program of the bench in a process of its own, which answers one question at a time. */
export interface Worker<Q, A> {
  readonly pid: number;
  ask(question: Q): Promise<A>;
  close(): Promise<void>;
}

type Reply<A> = { readonly answer: A } | { readonly failed: string };

/** Starts a file of this folder that calls `answer`. */
export function openWorker<Q extends object, A>(file: string): Worker<Q, A> {
  const child = fork(new URL(file, import.meta.url), { serialization: 'advanced' });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${file} could not be started`);
  const exit = once(child, 'exit');
  return {
    pid,
    ask: async (question) => {
      const ended = exit.then(([code]) => Promise.reject(new Error(`${file} ended with status ${code}`)));
      child.send(question);
      const [reply] = (await Promise.race([once(child, 'message'), ended])) as [Reply<A>];
      if ('failed' in reply) throw new Error(`${file}: ${reply.failed}`);
      return reply.answer;
    },
    close: async () => {
      if (child.connected) child.disconnect();
      await exit;
    },
  };
}

/** The worker's side: answers each question with what `work` makes of it, until the bench has no more. */
export function answer<Q, A>(work: (question: Q) => Promise<A>): void {
  process.on('message', (question) => {
    work(question as Q).then(
      (made) => process.send?.({ answer: made } satisfies Reply<A>),
      (error: Error) => process.send?.({ failed: error.stack ?? error.message } satisfies Reply<A>),
    );
  });
}
