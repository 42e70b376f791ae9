import mongoose, { type Connection } from 'mongoose';

export interface DatabaseAddress {
  /** A replica set or a sharded cluster: transactions need one. */
  readonly uri: string;
  /** Each service has its own. */
  readonly database: string;
  /** Names this client in the server's logs and fail points. */
  readonly appName?: string;
}

/** Opens a connection with the values of reliability M6 and M11; amounts come back as bigint, bytes as Buffer. */
export async function openConnection({ uri, database, appName = database }: DatabaseAddress): Promise<Connection> {
  const connection = mongoose.createConnection(uri, {
    dbName: database,
    appName,
    autoCreate: false,
    autoIndex: false,
    bufferCommands: false,
    serverSelectionTimeoutMS: 5_000,
    // A frozen server closes nothing: it is found by the monitor, after both of these, and what waits for it then fails.
    heartbeatFrequencyMS: 5_000,
    connectTimeoutMS: 10_000,
    maxPoolSize: 64,
    readPreference: 'primary',
    writeConcern: { w: 'majority', journal: true },
    ignoreUndefined: true,
    promoteBuffers: true,
    useBigInt64: true,
  });
  return connection.asPromise();
}
