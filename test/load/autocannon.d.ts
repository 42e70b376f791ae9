/** The part of autocannon 9 that the bench uses; the package brings no types. */
declare module 'autocannon' {
  interface Request {
    readonly path: string;
    readonly onResponse?: (status: number, body: string) => void;
  }
  interface Client {
    setRequests(requests: readonly Request[]): void;
  }
  interface Options {
    readonly url: string;
    readonly connections: number;
    /** Requests in all, shared out among the connections. */
    readonly amount: number;
    /** Seconds to wait for an answer. */
    readonly timeout: number;
    readonly setupClient: (client: Client) => void;
  }
  interface Result {
    /** Connections that failed. */
    readonly errors: number;
    readonly timeouts: number;
  }
  function autocannon(options: Options): Promise<Result>;
  export = autocannon;
}
