import { serviceSchema } from '@schoolbell/service-kit';
import { z } from 'zod';

const wholeNumber = (least: number, most: number, usual: number) =>
  z.coerce
    .number({ error: 'is not a number' })
    .int({ error: 'is not a whole number' })
    .min(least, { error: `is below ${least}` })
    .max(most, { error: `is above ${most}` })
    .default(usual)
    .meta({ example: String(usual) });

/** What notification reads besides what every service reads. */
export const notificationSchema = serviceSchema('notification')
  .extend({
    /** Where mail goes: smtp:// (STARTTLS, but for this machine itself) or smtps://. */
    SCHOOLBELL_SMTP_URL: z
      .string()
      .regex(/^smtps?:\/\/[^\s/]+\/?(\?\S*)?$/, { error: 'is not an address of this kind' })
      .refine(URL.canParse, { error: 'is not an address of this kind' })
      .meta({ example: 'smtps://user:password@mail.example.vn:465' }),
    /** Sender address; the name before it is the school's. */
    SCHOOLBELL_MAIL_FROM: z
      .string()
      .regex(/^[^\s@<>"(),;:]+@[^\s@<>"(),;:]+$/, { error: 'is not a plain mail address' })
      .meta({ example: 'thong-bao@school.example.vn' }),
    /** Connections to the mail server, and so messages on their way at once. */
    SCHOOLBELL_SMTP_CONNECTIONS: wholeNumber(1, 50, 5),
    /** Longest that everything may take before the text of a message is on its way: connecting, greeting, addresses. */
    SCHOOLBELL_SMTP_TIMEOUT_MS: wholeNumber(100, 60_000, 10_000),
    /** Longest from the text of a message to the server's answer: a server that filters takes its time (RFC 5321, 4.5.3.2.6). */
    SCHOOLBELL_SMTP_DATA_TIMEOUT_MS: wholeNumber(100, 600_000, 120_000),
    /** How long a delivery stays with a worker that does not come back; one that waits for an answer renews it. */
    SCHOOLBELL_DELIVERY_LEASE_MS: wholeNumber(500, 600_000, 40_000),
    /** How long a mail server that is down is left alone before the next try. */
    SCHOOLBELL_SMTP_BREAKER_RESET_MS: wholeNumber(100, 60_000, 5_000),
  })
  .superRefine((config, context) => {
    // A delivery may wait for two others to time out before its own turn. The wait for an answer is not in it: the lease is renewed meanwhile.
    if (config.SCHOOLBELL_DELIVERY_LEASE_MS < 4 * config.SCHOOLBELL_SMTP_TIMEOUT_MS) {
      context.addIssue({
        code: 'custom',
        path: ['SCHOOLBELL_DELIVERY_LEASE_MS'],
        message: 'is less than four times SCHOOLBELL_SMTP_TIMEOUT_MS',
      });
    }
  });

export type NotificationConfig = z.output<typeof notificationSchema>;
