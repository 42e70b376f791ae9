import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { createDesk, type Desk, type DeskOptions } from './desk.ts';
import { noticeOf, outcomeWanted, withParameters } from './outcome.ts';
import { donePage, payPage, type Refusal, refusedPage, style } from './pages.ts';
import { type ShownTransaction, shown, type Transaction } from './transactions.ts';

export interface SandboxOptions extends DeskOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
}

/** A program that stands where VNPAY's sandbox stands: pay page, signed return, IPN over HTTP with VNPAY's own retries. */
export interface Sandbox {
  /** Base of pay URLs: "http://127.0.0.1:4000/paymentv2/vpcpay.html". */
  readonly payUrl: string;
  /** "http://127.0.0.1:4000" */
  readonly url: string;
  transaction(txnRef: string): ShownTransaction | undefined;
  /** Ends the calls that are still due. */
  stop(): Promise<void>;
}

const payPath = '/paymentv2/vpcpay.html';

export async function startSandbox({ port = 0, ...options }: SandboxOptions): Promise<Sandbox> {
  const desk = createDesk(options);
  const app = fastify({ bodyLimit: 16 * 1024, forceCloseConnections: true });
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  payRoutes(app, desk);
  app.get<{ Params: { txnRef: string } }>('/transactions/:txnRef', async (request, reply) => {
    const transaction = desk.find(request.params.txnRef);
    return transaction ? shown(transaction) : reply.code(404).send({ error: 'No pay URL with this reference was opened here.' });
  });
  app.get('/style.css', async (_request, reply) => reply.type('text/css; charset=utf-8').send(style));
  app.get('/livez', async () => ({ status: 'ok' }));
  const url = await app.listen({ port, host: '127.0.0.1' });

  const transactionOf = (txnRef: string) => {
    const transaction = desk.find(txnRef);
    return transaction && shown(transaction);
  };
  const stop = async () => {
    desk.stop();
    await app.close();
  };
  return { url, payUrl: url + payPath, transaction: transactionOf, stop };
}

function payRoutes(app: FastifyInstance, desk: Desk): void {
  app.get(payPath, async (request, reply) => {
    const query = queryOf(request);
    const opened = desk.open(query);
    if (!opened.ok) return refuse(reply, opened.refusal, query);
    const { request: pay, decided } = opened.value;
    return html(reply, decided ? donePage(pay, returnUrlOf(opened.value)) : payPage(pay), pay.returnUrl);
  });
  app.post(payPath, async (request, reply) => {
    const query = queryOf(request);
    const opened = desk.openAgain(query);
    if (!opened.ok) return refuse(reply, opened.refusal, query);
    const wanted = outcomeWanted(new URLSearchParams(typeof request.body === 'string' ? request.body : ''));
    if (!wanted) return refuse(reply, { code: 'NO_SUCH_OUTCOME' }, query);
    const { traceparent } = request.headers;
    desk.decide(opened.value, wanted, typeof traceparent === 'string' ? traceparent : undefined);
    return reply.redirect(returnUrlOf(opened.value), 302);
  });
}

/** Read here and not by the framework, which keeps silent about a name that comes twice. */
function queryOf(request: FastifyRequest): URLSearchParams {
  return new URLSearchParams(request.url.split('?')[1] ?? '');
}

function returnUrlOf({ request, decided }: Transaction): string {
  return decided ? withParameters(request.returnUrl, noticeOf(request, decided)) : request.returnUrl;
}

function refuse(reply: FastifyReply, refusal: Refusal, query: URLSearchParams): FastifyReply {
  return html(reply.code(400), refusedPage(refusal, query.get('vnp_Locale')));
}

function html(reply: FastifyReply, body: string, returnUrl?: string): FastifyReply {
  // Browsers hold the redirect that answers a form against form-action as well, so the merchant's page must be in it.
  const formAction = returnUrl === undefined ? "'self'" : `'self' ${new URL(returnUrl).origin}`;
  const policy = `default-src 'none'; style-src 'self'; form-action ${formAction}; base-uri 'none'; frame-ancestors 'none'`;
  return reply
    .header('content-security-policy', policy)
    .header('x-content-type-options', 'nosniff')
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(body);
}
