import type { MailTemplate } from '../mail.js';
import type { OrderMail } from './order-mail.js';

/** To whose order was cancelled. */
export const orderCancelled: MailTemplate<OrderMail> = {
  en: ({ name, number, lines, total }) => ({
    subject: `Your order ${number} was cancelled`,
    greeting: `Hello ${name},`,
    paragraphs: [`your order ${number} was cancelled. Nothing of it will be shipped.`],
    lines: lines.map((line) => ({ text: `${line.quantity} × ${line.name}`, amount: line.total })),
    total: { text: 'Total', amount: total },
    notes: ['You get this because you want to hear of your orders by e-mail.'],
  }),
  ko: ({ name, number, lines, total }) => ({
    subject: `주문 ${number}이(가) 취소되었습니다`,
    greeting: `${name} 님, 안녕하세요.`,
    paragraphs: [`주문 ${number}이(가) 취소되었습니다. 상품은 발송되지 않습니다.`],
    lines: lines.map((line) => ({ text: `${line.name} × ${line.quantity}`, amount: line.total })),
    total: { text: '합계', amount: total },
    notes: ['주문 소식을 이메일로 받도록 설정하셨기 때문에 보내 드립니다.'],
  }),
};
