// bites: one-door-to-kafka
import { Kafka } from 'kafkajs';

export const announced = Kafka;
