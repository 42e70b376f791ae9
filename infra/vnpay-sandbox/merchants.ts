import { readFileSync } from 'node:fs';
import { z } from 'zod';

const merchantShape = z.strictObject({
  tmnCode: z.string().regex(/^[A-Za-z0-9]{8}$/),
  hashSecret: z.string().min(8),
  /** Where VNPAY reports the outcome; set in VNPAY's merchant portal, never taken from a request. */
  ipnUrl: z.url({ protocol: /^https?$/ }),
  /** Shown to the payer. */
  name: z.string().min(1),
});
const tableShape = z.strictObject({ merchants: z.array(merchantShape).min(1) });

export type Merchant = z.output<typeof merchantShape>;

export function readMerchants(file: string): Merchant[] {
  const table = tableShape.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!table.success) throw new Error(`${file} is no table of merchants: ${z.prettifyError(table.error)}`);
  return table.data.merchants;
}
