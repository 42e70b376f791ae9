const offsetMs = 7 * 3_600_000;

/** VNPAY's "yyyyMMddHHmmss" in GMT+7, whatever the process's time zone is. */
export function toGatewayTime(instant: Date): string {
  return new Date(instant.getTime() + offsetMs).toISOString().replace(/\D/g, '').slice(0, 14);
}

/** undefined for anything that is no real date and time. */
export function fromGatewayTime(text: string): Date | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  const instant = new Date(Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) - offsetMs);
  return !Number.isNaN(instant.getTime()) && toGatewayTime(instant) === text ? instant : undefined;
}
