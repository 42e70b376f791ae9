import { Channel, Delivery, DeliveryStatus } from '@schoolbell/contracts/school/notification/v1/notification';
import { CountDeliveriesResponse } from '@schoolbell/contracts/school/notification/v1/notification_service';
import { type Command, Option } from 'commander';
import { toJson } from '../contract.ts';
import type { Act, Session } from '../session.ts';
import { asUuid, type ListOptions, listed, listOptions, verb } from '../verbs.ts';
import { clockText, enumChoices, enumText } from '../wording.ts';
import { pupilIdOf } from './registry.ts';

export function addDeliveryNoun(program: Command, act: Act): void {
  const delivery = program.command('delivery').description('messages to guardians');
  listOptions(
    verb(delivery, 'list', 'Deliveries, newest first; the texts themselves are not shown.', [
      'delivery list --status failed',
      'delivery list --invoice 0198c1de-…',
    ]),
  )
    .option('--invoice <invoice>', 'only about this invoice', asUuid)
    .option('--pupil <pupil>', 'only about this pupil, by code or id')
    .addOption(new Option('--status <status>', 'only in this state').choices(enumChoices(DeliveryStatus)))
    .action(act('principal', listDeliveries));
  verb(delivery, 'count', 'How many deliveries stand where.', ['delivery count --json']).action(act('principal', countDeliveries));
}

async function listDeliveries(
  session: Session,
  options: ListOptions & { invoice?: string; pupil?: string; status?: string },
): Promise<void> {
  const { out, clients } = session;
  const studentId = options.pupil === undefined ? '' : await pupilIdOf(clients, options.pupil);
  const status = Object.values(DeliveryStatus).find((value) => value > 0 && enumText(DeliveryStatus, value) === options.status);
  const wanted = { invoiceId: options.invoice ?? '', studentId, status: status ?? DeliveryStatus.UNSPECIFIED };
  const rows = await listed(session, options, async (page) => {
    const answer = await clients.notification.listDeliveries({ ...wanted, page });
    return { rows: answer.deliveries, page: answer.page };
  });
  out.result(rows.map((row) => toJson(Delivery, row)));
  out.table(rows, [
    { title: 'queued', text: (row) => clockText(row.queuedAt) },
    { title: 'about', text: (row) => row.kind },
    { title: 'by', text: (row) => enumText(Channel, row.channel) },
    { title: 'language', text: (row) => row.language },
    { title: 'status', text: (row) => enumText(DeliveryStatus, row.status) },
    { title: 'tries', text: (row) => String(row.attempts), align: 'right' },
    { title: 'sent', text: (row) => clockText(row.sentAt) },
    { title: 'last error', text: (row) => row.lastError },
    { title: 'delivery', text: (row) => row.deliveryId },
  ]);
}

async function countDeliveries({ out, clients }: Session): Promise<void> {
  const counts = await clients.notification.countDeliveries({});
  out.result(toJson(CountDeliveriesResponse, counts));
  out.facts([
    ['Pending', String(counts.pending)],
    ['Sending', String(counts.sending)],
    ['Sent', String(counts.sent)],
    ['Failed', String(counts.failed)],
    ['Waiting for a guardian', String(counts.waitingForRoster)],
  ]);
}
