import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { z } from 'zod';
import { behaviourShape, type Temper } from './mail-behaviour.ts';
import { listPage, mailPage, style } from './mail-pages.ts';
import { type MailStore, matches } from './mail-store.ts';

const filterShape = z.strictObject({ to: z.string().max(320).optional(), contains: z.string().max(1_000).optional() });
const pagePolicy = "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const mailPolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";

export function mailHttp(store: MailStore, temper: Temper): FastifyInstance {
  const app = fastify({ bodyLimit: 16 * 1024, forceCloseConnections: true });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'no-referrer').header('cache-control', 'no-store');
    // A page elsewhere can point a name of its own at this machine and read along; its requests carry that name.
    if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(request.headers.host ?? '')) {
      return reply.code(421).send({ error: 'This mailbox answers only to its address on this machine.' });
    }
  });
  jsonRoutes(app, store, temper);
  pageRoutes(app, store);
  return app;
}

function jsonRoutes(app: FastifyInstance, store: MailStore, temper: Temper): void {
  app.get('/livez', async () => ({ status: 'ok' }));
  app.get('/messages', async (request, reply) => {
    const filter = filterShape.safeParse(request.query);
    if (!filter.success) return badRequest(reply, filter.error);
    return store.all().filter((mail) => matches(mail, filter.data));
  });
  app.get<{ Params: { id: string } }>('/messages/:id', async (request, reply) => store.find(request.params.id) ?? notFound(reply));
  app.delete('/messages', async (_, reply) => {
    store.clear();
    return reply.code(204).send();
  });
  app.get('/behaviour', async () => temper.current());
  app.put('/behaviour', async (request, reply) => {
    const wish = behaviourShape.safeParse(request.body);
    if (!wish.success) return badRequest(reply, wish.error);
    temper.set(wish.data);
    return temper.current();
  });
}

function pageRoutes(app: FastifyInstance, store: MailStore): void {
  const html = (reply: FastifyReply, policy: string, body: string) =>
    reply.header('content-security-policy', policy).type('text/html; charset=utf-8').send(body);
  app.get('/', async (request, reply) => {
    const { contains = '' } = filterShape.safeParse(request.query).data ?? {};
    const found = store.all().filter((mail) => matches(mail, { contains }));
    return html(reply, pagePolicy, listPage(found, contains));
  });
  app.get<{ Params: { id: string } }>('/view/:id', async (request, reply) => {
    const mail = store.find(request.params.id);
    return mail ? html(reply, pagePolicy, mailPage(mail)) : notFound(reply);
  });
  app.get<{ Params: { id: string } }>('/messages/:id/html', async (request, reply) => {
    const mail = store.find(request.params.id);
    return mail ? html(reply, mailPolicy, mail.html) : notFound(reply);
  });
  app.get('/style.css', async (_, reply) => reply.type('text/css; charset=utf-8').send(style));
}

function badRequest(reply: FastifyReply, error: z.ZodError): FastifyReply {
  return reply.code(400).send({ error: z.prettifyError(error) });
}

function notFound(reply: FastifyReply): FastifyReply {
  return reply.code(404).send({ error: 'There is no such message; only the newest are kept.' });
}
