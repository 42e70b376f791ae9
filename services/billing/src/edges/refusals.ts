import { status } from '@grpc/grpc-js';
import { refusals } from '@schoolbell/service-kit';
import type { FeeItemRefused } from '../domain/invoices/fees.ts';
import type { IssueRefused } from '../usecases/invoices/issue-invoice.ts';
import type { RunRefused } from '../usecases/invoices/start-invoice-run.ts';
import type { VoidInvoiceRefused } from '../usecases/invoices/void-invoice.ts';
import type { EndSupportRefused } from '../usecases/meals/end-lunch-support.ts';
import type { AccountNotFound } from '../usecases/meals/get-student-account.ts';
import type { GrantRefused } from '../usecases/meals/grant-lunch-support.ts';
import type { MealBillRefused } from '../usecases/meals/start-meal-bill-run.ts';
import type { PayRefundRefused } from '../usecases/payments/pay-refund.ts';
import type { ResolveSuspenseRefused } from '../usecases/payments/resolve-suspense.ts';
import type { StartPaymentRefused } from '../usecases/payments/start-payment.ts';
import type { GatewayRefused } from './payments/pay-url.ts';

export type BillingRefused =
  | GatewayRefused
  | FeeItemRefused
  | IssueRefused
  | VoidInvoiceRefused
  | RunRefused
  | { readonly code: 'INVOICE_RUN_NOT_FOUND'; readonly runId: string }
  | StartPaymentRefused
  | { readonly code: 'ATTEMPT_NOT_FOUND'; readonly attempt: string }
  | ResolveSuspenseRefused
  | MealBillRefused
  | AccountNotFound
  | GrantRefused
  | EndSupportRefused
  | PayRefundRefused;

/** Each refusal as its caller reads it. */
export const refused = refusals<BillingRefused>({
  FEE_ITEM_ENDS_TOO_EARLY: {
    status: status.INVALID_ARGUMENT,
    vi: 'Ngày kết thúc phải sau ngày bắt đầu {effectiveFrom}. Hãy sửa effective_until.',
    en: 'The end must come after the first day, {effectiveFrom}. Correct effective_until.',
  },
  FEE_OVERLAPS: {
    status: status.FAILED_PRECONDITION,
    vi: 'Khoản thu {feeCode} đã có giá ở mục {otherId}, hiệu lực {span}. Hãy đặt ngày kết thúc cho mục đó, hoặc chọn thời gian không trùng.',
    en: 'The fee {feeCode} already has a price, item {otherId}, in force {span}. End that item first, or choose days that do not overlap.',
  },
  FEE_ITEM_UNKNOWN: {
    status: status.NOT_FOUND,
    vi: 'Không có khoản thu {feeItemId}. Hãy xem danh sách khoản thu, hoặc khai báo trước.',
    en: 'There is no fee item {feeItemId}. Look at the list of fee items, or define it first.',
  },
  FEE_ITEM_NOT_IN_FORCE: {
    status: status.FAILED_PRECONDITION,
    vi: 'Khoản thu {feeCode} không có hiệu lực vào ngày {day}. Hãy chọn khoản thu đang có hiệu lực.',
    en: 'The fee {feeCode} is not in force on {day}. Choose one that is.',
  },
  CHARGED_TWICE: {
    status: status.INVALID_ARGUMENT,
    vi: 'Khoản thu {feeItemId} được nêu hai lần. Hãy gộp thành một dòng với số lượng.',
    en: 'The fee item {feeItemId} is charged twice. Make it one line with a quantity.',
  },
  STUDENT_UNKNOWN: {
    status: status.FAILED_PRECONDITION,
    vi: 'Học sinh {studentId} hiện không có trong danh sách đang học. Nếu vừa nhập danh sách, có thể dữ liệu chưa đến: hãy thử lại sau ít phút.',
    en: 'Pupil {studentId} is not enrolled as far as billing knows. If the roster was just imported it may not have arrived yet: try again in a few minutes.',
  },
  NO_PUPILS: {
    status: status.FAILED_PRECONDITION,
    vi: 'Không có học sinh đang học nào thuộc đợt thu này. Nếu vừa nhập danh sách, có thể dữ liệu chưa đến: hãy thử lại sau ít phút.',
    en: 'No enrolled pupil falls under this run. If the roster was just imported it may not have arrived yet: try again in a few minutes.',
  },
  DUE_DATE_PAST: {
    status: status.INVALID_ARGUMENT,
    vi: 'Hạn nộp {dueOn} đã qua (hôm nay là {today}). Hãy chọn hạn từ hôm nay trở đi.',
    en: 'The due date {dueOn} is past (today is {today}). Choose today or later.',
  },
  INVOICE_NOT_FOUND: {
    status: status.NOT_FOUND,
    vi: 'Không có hóa đơn {invoiceId} ở trường này. Hãy kiểm tra lại mã.',
    en: 'This school has no invoice {invoiceId}. Check the id.',
  },
  INVOICE_HAS_PAYMENTS: {
    status: status.FAILED_PRECONDITION,
    vi: 'Hóa đơn đã thu {paid} nên không hủy được. Hãy lập khoản điều chỉnh thay vì hủy.',
    en: '{paid} was already paid on the invoice, so it cannot be voided. Correct it by a credit instead.',
  },
  INVOICE_RUN_NOT_FOUND: {
    status: status.NOT_FOUND,
    vi: 'Không có đợt thu {runId} ở trường này. Hãy kiểm tra lại mã.',
    en: 'This school has no invoice run {runId}. Check the id.',
  },
  INVOICE_ALREADY_PAID: {
    status: status.FAILED_PRECONDITION,
    vi: 'Hóa đơn {invoiceId} đã được thanh toán đủ. Không cần làm gì thêm.',
    en: 'The invoice {invoiceId} is paid in full. Nothing more is to be done.',
  },
  INVOICE_IS_VOID: {
    status: status.FAILED_PRECONDITION,
    vi: 'Hóa đơn {invoiceId} đã bị hủy. Đừng thanh toán; hãy hỏi nhà trường về hóa đơn mới.',
    en: 'The invoice {invoiceId} is void. Do not pay it; ask the school for the new one.',
  },
  PAYMENT_BEING_CHECKED: {
    status: status.FAILED_PRECONDITION,
    vi: 'Một lần thanh toán trước ({attemptId}) của hóa đơn này đang được kiểm tra, tiền có thể đã bị trừ. Đừng thanh toán lại trước khi có kết quả; hãy hỏi nhà trường.',
    en: 'An earlier payment ({attemptId}) of this invoice is being checked, and its money may have been debited. Do not pay again before the check is done; ask the school.',
  },
  AMOUNT_NOT_POSITIVE: {
    status: status.INVALID_ARGUMENT,
    vi: 'Số tiền phải lớn hơn 0. Hãy bỏ trống để trả toàn bộ số còn nợ.',
    en: 'The amount must be more than 0. Leave it out to pay all that is owed.',
  },
  AMOUNT_OVER_OUTSTANDING: {
    status: status.FAILED_PRECONDITION,
    vi: 'Hóa đơn chỉ còn nợ {outstanding}. Hãy chọn số tiền không lớn hơn.',
    en: 'Only {outstanding} is still owed on the invoice. Choose no more than that.',
  },
  AMOUNT_OVER_GATEWAY_LIMIT: {
    status: status.FAILED_PRECONDITION,
    vi: 'Cổng thanh toán chỉ nhận tối đa {limit} mỗi lần. Hãy chia thành nhiều lần thanh toán.',
    en: 'The gateway takes at most {limit} at once. Split it into several payments.',
  },
  GATEWAY_UNKNOWN: {
    status: status.INVALID_ARGUMENT,
    vi: 'Không có cổng thanh toán {gateway}. Hãy dùng: {known}.',
    en: 'There is no gateway {gateway}. Use: {known}.',
  },
  GATEWAY_NOT_CONFIGURED: {
    status: status.FAILED_PRECONDITION,
    vi: 'Trường chưa có tài khoản còn hiệu lực với cổng thanh toán {gateway}. Hãy báo người quản trị hệ thống.',
    en: 'The school has no valid account with the gateway {gateway}. Tell the operator of the system.',
  },
  ATTEMPT_NOT_FOUND: {
    status: status.NOT_FOUND,
    vi: 'Không có lần thanh toán {attempt} ở trường này. Hãy kiểm tra lại mã.',
    en: 'This school has no payment attempt {attempt}. Check the id.',
  },
  SUSPENSE_NOT_FOUND: {
    status: status.NOT_FOUND,
    vi: 'Không có khoản treo {suspenseId} ở trường này. Hãy kiểm tra lại mã.',
    en: 'This school has no suspense item {suspenseId}. Check the id.',
  },
  SUSPENSE_ALREADY_RESOLVED: {
    status: status.FAILED_PRECONDITION,
    vi: 'Khoản treo {suspenseId} đã được xử lý theo cách khác. Hãy xem lại danh sách.',
    en: 'The suspense item {suspenseId} was resolved in another way. Look at the list again.',
  },
  SUSPENSE_NEEDS_INVOICE: {
    status: status.FAILED_PRECONDITION,
    vi: 'Khoản treo này có {amount}. Hãy chọn hóa đơn nhận số tiền đó.',
    en: 'This item is about {amount}. Name the invoice that is to have it.',
  },
  SUSPENSE_HOLDS_NO_MONEY: {
    status: status.FAILED_PRECONDITION,
    vi: 'Khoản treo này không giữ tiền. Hãy bỏ trống hóa đơn để đóng lại; nếu sao kê của cổng thanh toán cho thấy tiền đã về, hãy xác nhận đã nhận tiền (money_received).',
    en: "This item holds no money. Leave the invoice empty to close it, or say money_received if the gateway's own statement shows the money.",
  },
  SUSPENSE_HOLDS_MONEY: {
    status: status.FAILED_PRECONDITION,
    vi: 'Khoản treo này đã giữ {amount} trong sổ. Hãy bỏ money_received và chỉ chọn hóa đơn.',
    en: 'The {amount} of this item is in the books already. Leave money_received out and name the invoice only.',
  },
  SUSPENSE_NAMES_NO_AMOUNT: {
    status: status.FAILED_PRECONDITION,
    vi: 'Khoản treo {suspenseId} không nêu số tiền nên không ghi sổ được. Hãy hỏi cổng thanh toán để họ gửi lại thông báo, hoặc đóng khoản treo.',
    en: 'The suspense item {suspenseId} names no amount, so it cannot be booked. Have the gateway send its notice again, or close the item.',
  },
  SUSPENSE_NAMES_NO_TRANSACTION: {
    status: status.FAILED_PRECONDITION,
    vi: 'Khoản treo {suspenseId} không có số giao dịch của cổng thanh toán, ghi sổ có thể thành hai lần. Hãy hỏi cổng thanh toán để họ gửi lại thông báo, hoặc đóng khoản treo.',
    en: "The suspense item {suspenseId} lacks the gateway's number of the transaction, so it might be booked twice. Have the gateway send its notice again, or close the item.",
  },
  TRANSACTION_ALREADY_BOOKED: {
    status: status.FAILED_PRECONDITION,
    vi: 'Giao dịch {gatewayTransaction} đã được ghi sổ ở phiếu thu {receiptId}. Hãy đóng khoản treo mà không ghi tiền.',
    en: 'The transaction {gatewayTransaction} is booked already, as receipt {receiptId}. Close the item without money.',
  },
  STUDENT_NOT_FOUND: {
    status: status.NOT_FOUND,
    vi: 'Trường không có học sinh {studentId}. Hãy kiểm tra lại mã; nếu vừa nhập danh sách, hãy thử lại sau ít phút.',
    en: 'This school has no pupil {studentId}. Check the id; if the roster was just imported, try again in a few minutes.',
  },
  SUPPORT_NOT_FOUND: {
    status: status.NOT_FOUND,
    vi: 'Không có khoản hỗ trợ {grantId} ở trường này. Hãy xem danh sách hỗ trợ tiền ăn.',
    en: 'This school has no lunch support {grantId}. Look at the list of lunch support.',
  },
  SUPPORT_ENDS_TOO_EARLY: {
    status: status.INVALID_ARGUMENT,
    vi: 'Ngày kết thúc phải sau ngày bắt đầu {effectiveFrom}. Hãy sửa effective_until.',
    en: 'The end must come after the first day, {effectiveFrom}. Correct effective_until.',
  },
  SUPPORT_ENDED_BEFORE: {
    status: status.FAILED_PRECONDITION,
    vi: 'Khoản hỗ trợ này đã kết thúc từ {effectiveUntil}. Để hỗ trợ tiếp, hãy lập khoản mới kể từ ngày đó.',
    en: 'This support ended on {effectiveUntil} already. To go on, grant another one from that day.',
  },
  SUPPORT_OVER_CEILING: {
    status: status.FAILED_PRECONDITION,
    vi: 'Mức hỗ trợ vượt trần {ceiling} mỗi ngày theo {citation}. Hãy nhập mức không lớn hơn.',
    en: 'The amount is above the ceiling of {ceiling} a day by {citation}. Grant no more than that.',
  },
  SUPPORT_OVERLAPS: {
    status: status.FAILED_PRECONDITION,
    vi: 'Học sinh đã có khoản hỗ trợ {otherId}, hiệu lực {span}. Hãy kết thúc khoản đó trước, hoặc chọn thời gian không trùng.',
    en: 'The pupil already has the support {otherId}, in force {span}. End that one first, or choose days that do not overlap.',
  },
  REFUND_NOT_FOUND: {
    status: status.NOT_FOUND,
    vi: 'Không có khoản hoàn trả {refundId} ở trường này. Hãy xem danh sách hoàn trả.',
    en: 'This school has no refund {refundId}. Look at the list of refunds.',
  },
  REFUND_NOT_OPEN: {
    status: status.FAILED_PRECONDITION,
    vi: 'Khoản hoàn trả {refundId} đã đóng, hoặc học sinh đang học lại: số dư sẽ trừ vào kỳ thu sau. Đừng chuyển tiền.',
    en: 'The refund {refundId} is closed, or the pupil is back: the credit goes on the next bill. Do not transfer the money.',
  },
  REFUND_PAID_OTHERWISE: {
    status: status.FAILED_PRECONDITION,
    vi: 'Khoản hoàn trả {refundId} đã chi theo chứng từ {bankReference}. Nếu đã chuyển tiền lần nữa, hãy liên hệ ngân hàng.',
    en: 'The refund {refundId} was paid under the reference {bankReference}. If money was transferred again, ask the bank for it back.',
  },
  NOTHING_TO_REFUND: {
    status: status.FAILED_PRECONDITION,
    vi: 'Khoản hoàn trả {refundId} hiện không còn gì để chi. Hãy xem lại danh sách.',
    en: 'Nothing is left to pay on the refund {refundId}. Look at the list again.',
  },
  REFUND_AMOUNT_DIFFERS: {
    status: status.FAILED_PRECONDITION,
    vi: 'Số phải hoàn trả hiện là {due}. Hãy chi đúng số đó rồi xác nhận lại.',
    en: 'What is to be refunded now is {due}. Pay that, and confirm that amount.',
  },
});
