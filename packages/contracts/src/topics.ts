/** Kafka topic of each service that announces something: the name of its proto package. */
export const topics = {
  registry: 'school.registry.v1',
  attendance: 'school.attendance.v1',
  canteen: 'school.canteen.v1',
  billing: 'school.billing.v1',
  notification: 'school.notification.v1',
} as const;

export type Topic = (typeof topics)[keyof typeof topics];

/** Where `group` puts the messages of `topic` that it cannot handle. */
export function parkedTopic(topic: string, group: string): string {
  return `${topic}.parked.${group}`;
}
