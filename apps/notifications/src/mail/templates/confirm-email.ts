import type { MailTemplate } from '../mail.js';
import type { LinkMail } from './link-mail.js';

/** To who asked for another link to confirm the address. */
export const confirmEmail: MailTemplate<LinkMail> = {
  en: ({ url, minutes }) => ({
    subject: 'Confirm your e-mail address',
    greeting: 'Hello,',
    paragraphs: ['please confirm that this address belongs to your Flotilla account.'],
    action: { label: 'Confirm my address', url },
    notes: [
      `The link works once, within ${minutes} minutes.`,
      'If you did not ask for this, you need not do anything.',
    ],
  }),
  ko: ({ url, minutes }) => ({
    subject: '이메일 주소를 확인해 주세요',
    greeting: '안녕하세요.',
    paragraphs: ['이 주소가 본인의 Flotilla 계정에 속한 것인지 확인해 주세요.'],
    action: { label: '이메일 주소 확인', url },
    notes: [
      `이 링크는 ${minutes}분 동안 한 번만 사용할 수 있습니다.`,
      '요청하신 적이 없다면 아무것도 하지 않으셔도 됩니다.',
    ],
  }),
};
