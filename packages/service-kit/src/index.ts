export { type Authenticate, type Caller, openAuthenticate, tokenAudience, tokenIssuer } from './auth.ts';
export { type Breaker, type BreakerOptions, breaker, isBreakerError } from './breaker.ts';
export { startTick, type Tick, type Ticking } from './clock.ts';
export type { EventMeta } from './cloud-events.ts';
export {
  type Address,
  type ConfigRefused,
  file,
  formatAddress,
  loadConfig,
  parseAddress,
  readConfig,
  type ServiceConfig,
  serviceSchema,
} from './config.ts';
export { type DatabaseAddress, openConnection } from './connection.ts';
export { type Listening, startListener } from './consumer.ts';
export { assertCollections, type CollectionDef, databaseOf, defineCollection, ensureCollections, type Stored } from './documents.ts';
export { callerOf, createHttpApp, type HttpApp, type HttpServer, httpUrl, type RequireCaller, startHttp } from './http.ts';
export { type Problem, problemOf, sendProblem, sendRefusal } from './http-problems.ts';
export { applyEvents, type InboxTx, type Listener, listener } from './inbox.ts';
export { createKafka, createPublisher, type KafkaClient, type KafkaConfig, withDeadline } from './kafka.ts';
export { type InboxRow, inboxRows, kitCollections, type OutboxRow, outboxRows, type StreamRow, streamRows } from './kit-collections.ts';
export { createLogger, type Logger, type LogLevel } from './logger.ts';
export { metrics } from './metrics.ts';
export { isDuplicateKey, isInfrastructure } from './mongo-errors.ts';
export { openParkedDesk, type ParkedDesk, type ParkedDone, type ParkedEvent } from './parked.ts';
export { type Relay, startRelay } from './relay.ts';
export { type AccessTable, type Call, type Handlers, type RpcService, rpcService } from './rpc.ts';
export { type CallOptions, type RpcClient, type RpcClientOptions, rpcClient } from './rpc-client.ts';
export { type DecodedRefusal, decodeRefusal } from './rpc-errors.ts';
export { type RpcServer, startRpcServer } from './rpc-server.ts';
export { runService, type ServiceMessage } from './run-service.ts';
export type { Deps, HttpDeps, ServiceOptions } from './service.ts';
export { everySchool, type OutboxEvent, type Session, type TxCollection } from './session.ts';
export { startTelemetry, stopTelemetry } from './telemetry.ts';
export { readTls, type Tls } from './tls.ts';
export { type SpanOptions, span, traceparent } from './tracing.ts';
export { createTransact, type Read, type Transact } from './transact.ts';
export { type Language, languageOf, type RefusalRow, type WireRefusal, wireRefusal } from './wire-refusal.ts';
