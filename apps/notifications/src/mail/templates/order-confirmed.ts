import type { MailTemplate } from '../mail.js';
import type { OrderMail } from './order-mail.js';

/** To who has placed an order, or confirmed one whose stock was held. */
export const orderConfirmed: MailTemplate<OrderMail> = {
  en: ({ name, number, lines, total }) => ({
    subject: `Your order ${number}`,
    greeting: `Thank you, ${name}.`,
    paragraphs: [`Your order ${number} is confirmed. Its units are yours.`],
    lines: lines.map((line) => ({ text: `${line.quantity} × ${line.name}`, amount: line.total })),
    total: { text: 'Total', amount: total },
    notes: ['You get this because you want to hear of your orders by e-mail.'],
  }),
  ko: ({ name, number, lines, total }) => ({
    subject: `주문 ${number}이(가) 확정되었습니다`,
    greeting: `${name} 님, 감사합니다.`,
    paragraphs: [`주문 ${number}이(가) 확정되어 상품이 확보되었습니다.`],
    lines: lines.map((line) => ({ text: `${line.name} × ${line.quantity}`, amount: line.total })),
    total: { text: '합계', amount: total },
    notes: ['주문 소식을 이메일로 받도록 설정하셨기 때문에 보내 드립니다.'],
  }),
};
