import { Kafka } from 'kafkajs';

export const startEngines = () => new Kafka({ brokers: [] });
