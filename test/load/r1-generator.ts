import autocannon from 'autocannon';
import { answer } from './worker.ts';

export interface Volley {
  /** Where the notices go: "http://127.0.0.1:8080". */
  readonly url: string;
  /** One request each. */
  readonly paths: readonly string[];
  readonly inFlight: number;
}

export interface Answers {
  readonly seconds: number;
  /** How often each answer came, by its RspCode. */
  readonly codes: Readonly<Record<string, number>>;
}

/** Sends every notice once over kept connections, each as soon as the one before it on its connection was answered. */
async function fire({ url, paths, inFlight }: Volley): Promise<Answers> {
  const codes: Record<string, number> = {};
  let [from, until] = [0, 0];
  let nth = 0;
  const onResponse = (status: number, body: string): void => {
    const code = status === 200 ? (JSON.parse(body) as { RspCode: string }).RspCode : String(status);
    codes[code] = (codes[code] ?? 0) + 1;
    until = performance.now();
  };
  const share = Math.ceil(paths.length / inFlight);
  const { errors, timeouts } = await autocannon({
    url,
    connections: inFlight,
    amount: share * inFlight,
    timeout: 30,
    setupClient: (client) => {
      const own = paths.slice(nth * share, (nth + 1) * share);
      nth++;
      if (own.length !== share) throw new Error(`${paths.length} requests cannot be shared out among ${inFlight} connections`);
      client.setRequests(own.map((path) => ({ path, onResponse })));
      from = performance.now(); // Connections open only when all requests are made.
    },
  });
  if (errors > 0 || timeouts > 0) throw new Error(`${errors} connections failed and ${timeouts} answers did not come`);
  return { seconds: (until - from) / 1_000, codes };
}

answer(fire);
