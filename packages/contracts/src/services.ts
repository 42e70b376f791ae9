interface ServiceRow {
  /** Services whose topics it listens to, each in a consumer group of its own. */
  readonly hears: readonly string[];
  /** It serves HTTP beside gRPC. */
  readonly http?: true;
  /** Its topic is never emptied: a service that is added in winter learns from it who was enrolled in September. */
  readonly keepsTopic?: true;
  /** Loads the class of its gRPC client: a program that needs one service does not load them all. A wider type here would hide which class. */
  readonly client: unknown;
}

/**
 * Every service, in the order in which facts flow. A new service is its directory, its protos and one row here: its topic, consumer
 * groups, ports, clients, database, and its place in start, demo and test kit follow from it.
 */
export const services = {
  registry: {
    hears: [],
    keepsTopic: true,
    client: () => import('./gen/school/registry/v1/registry_service.ts').then((module) => module.RegistryServiceClient),
  },
  attendance: {
    hears: ['registry'],
    client: () => import('./gen/school/attendance/v1/attendance_service.ts').then((module) => module.AttendanceServiceClient),
  },
  canteen: {
    hears: ['registry', 'attendance'],
    client: () => import('./gen/school/canteen/v1/canteen_service.ts').then((module) => module.CanteenServiceClient),
  },
  billing: {
    hears: ['registry', 'canteen'],
    http: true,
    client: () => import('./gen/school/billing/v1/billing_service.ts').then((module) => module.BillingServiceClient),
  },
  notification: {
    hears: ['registry', 'attendance', 'canteen', 'billing'],
    client: () => import('./gen/school/notification/v1/notification_service.ts').then((module) => module.NotificationServiceClient),
  },
} as const satisfies Readonly<Record<string, ServiceRow>>;

export type ServiceName = keyof typeof services;

export const serviceNames = Object.keys(services) as readonly ServiceName[];

/** What a service's RPCs look like, as ts-proto writes them down. */
export type RpcsOf<S extends ServiceName> = Awaited<ReturnType<(typeof services)[S]['client']>>['service'];

/** Kafka topic of each service: the name of its proto package. */
export const topics = Object.fromEntries(serviceNames.map((name) => [name, `school.${name}.v1`])) as {
  readonly [S in ServiceName]: `school.${S}.v1`;
};

export type Topic = (typeof topics)[ServiceName];

/** The consumer group in which `listener` reads the topic of `from`. */
export function groupOf(listener: ServiceName, from: ServiceName): string {
  return `${listener}.${from}`;
}

/** The consumer groups that read the topic of `from`. */
export function groupsOf(from: ServiceName): string[] {
  return serviceNames.filter((name) => (services[name] as ServiceRow).hears.includes(from)).map((name) => groupOf(name, from));
}

/** Where `group` puts the messages of `topic` that it cannot handle. */
export function parkedTopic(topic: string, group: string): string {
  return `${topic}.parked.${group}`;
}
