import { createServer, type ServerResponse } from 'node:http';
import type { Address } from './address.ts';
import { metrics } from './metrics.ts';

export interface AdminServer {
  readonly address: Address;
  stop(): Promise<void>;
}

/**
 * /metrics, /livez and /readyz for whoever runs the service. Plain HTTP on any address, for probes and scrapers know nothing else: so it
 * holds counts and states only, and takes no input but the path.
 */
export async function startAdmin(address: Address, reasons: () => readonly string[]): Promise<AdminServer> {
  const server = createServer({ maxHeaderSize: 8_192, requestTimeout: 5_000, headersTimeout: 5_000 }, (request, response) => {
    request.resume();
    answer(request.url ?? '/', response, reasons).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address.port, address.host, resolve);
  });
  const bound = server.address();
  return {
    address: { host: address.host, port: typeof bound === 'object' && bound ? bound.port : address.port },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(url: string, response: ServerResponse, reasons: () => readonly string[]): Promise<void> {
  const path = url.split('?')[0];
  if (path === '/metrics') return send(response, 200, metrics.registry.contentType, await metrics.registry.metrics());
  if (path === '/livez') return send(response, 200, 'application/json', '{"live":true}');
  if (path === '/readyz') {
    const why = reasons();
    return send(response, why.length === 0 ? 200 : 503, 'application/json', JSON.stringify({ ready: why.length === 0, reasons: why }));
  }
  return send(response, 404, 'text/plain', 'There are /metrics, /livez and /readyz here\n');
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
