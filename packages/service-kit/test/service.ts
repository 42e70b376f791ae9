import { access } from '@schoolbell/contracts';
import { NotificationServiceService } from '@schoolbell/contracts/school/notification/v1/notification_service';
import { err, ok } from '@schoolbell/kernel';
import mongoose from 'mongoose';
import { loadConfig, serviceSchema } from '../src/config.ts';
import { defineCollection, type Stored } from '../src/documents.ts';
import { listener } from '../src/inbox.ts';
import { kitRefusal } from '../src/kit-refusals.ts';
import { rpcService } from '../src/rpc.ts';
import { runService } from '../src/run-service.ts';
import type { Session } from '../src/session.ts';
import { unasked } from './unasked.ts';

// A whole service in one file, for tests that start, break and stop a real process.

interface Heard extends Stored {
  text: string;
}
const heardSchema = new mongoose.Schema({ text: { type: String, required: true } });
heardSchema.index({ schoolId: 1, text: 1 }, { unique: true });
const heard = defineCollection<Heard>('heard', heardSchema);

await runService({
  name: 'kittest',
  config: loadConfig(serviceSchema('kittest')),
  collections: [heard],
  tx: (session: Session) => session,
  rpc: ({ transact, read }) => [
    rpcService(NotificationServiceService, access, {
      ...unasked,
      listDeliveries: async () => err(kitRefusal({ code: 'ROLE_NOT_ALLOWED' })),
      // Announces what it is asked for; the service hears itself.
      getDelivery: async ({ deliveryId }, { schoolId, deadline }) =>
        transact({ schoolId, deadline }, async (tx) => {
          tx.emit({ type: 'school.kittest.v1.Asked', key: deliveryId, payload: Buffer.from(deliveryId) });
          return ok({ delivery: undefined });
        }),
      countDeliveries: async (_, { schoolId }) => {
        const sent = await read({ schoolId }, (tx) => tx.collection(heard).count({}));
        return ok({ pending: 0n, sending: 0n, sent: BigInt(sent), failed: 0n, waitingForRoster: 0n });
      },
    }),
  ],
  http: (app) => {
    app.get('/ping', () => 'pong');
    app.get('/explode', () => {
      void Promise.reject(new Error('nobody listens'));
      return 'lit';
    });
  },
  listen: [
    listener({
      topic: 'school.kittest.v1',
      group: 'kittest.kittest',
      decode: (body) => Buffer.from(body).toString(),
      handle: async (tx: Session, text, { id }) => {
        tx.collection(heard).insert({ _id: id, text });
        return ok(undefined);
      },
    }),
  ],
});
