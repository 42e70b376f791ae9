// bites: one-door-to-kafka
import { Kafka } from 'kafkajs';

console.log(Kafka);
