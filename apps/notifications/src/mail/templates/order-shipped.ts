import type { MailTemplate } from '../mail.js';
import type { OrderMail } from './order-mail.js';

/** To whose order, or a part of it, is on its way. */
export const orderShipped: MailTemplate<OrderMail> = {
  en: ({ name, number, lines, trackingNumber }) => ({
    subject: `Your order ${number} is on its way`,
    greeting: `Good news, ${name}.`,
    paragraphs: [
      `This much of your order ${number} was shipped:`,
      ...(trackingNumber === null ? [] : [`Tracking number: ${trackingNumber}`]),
    ],
    lines: lines.map((line) => ({ text: `${line.quantity} × ${line.name}` })),
    notes: ['You get this because you want to hear of your orders by e-mail.'],
  }),
  ko: ({ name, number, lines, trackingNumber }) => ({
    subject: `주문 ${number}이(가) 발송되었습니다`,
    greeting: `${name} 님, 좋은 소식입니다.`,
    paragraphs: [
      `주문 ${number}의 다음 상품이 발송되었습니다.`,
      ...(trackingNumber === null ? [] : [`운송장 번호: ${trackingNumber}`]),
    ],
    lines: lines.map((line) => ({ text: `${line.name} × ${line.quantity}` })),
    notes: ['주문 소식을 이메일로 받도록 설정하셨기 때문에 보내 드립니다.'],
  }),
};
