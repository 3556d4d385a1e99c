import type { MailTemplate } from '../mail.js';
import type { LinkMail } from './link-mail.js';

/** To who has just registered. */
export const welcome: MailTemplate<LinkMail> = {
  en: ({ name, url, minutes }) => ({
    subject: 'Welcome to Flotilla',
    greeting: name ? `Welcome aboard, ${name}.` : 'Welcome aboard.',
    paragraphs: [
      'Your account is ready. Please confirm that this address is yours, so that we can reach you when it matters.',
    ],
    action: { label: 'Confirm my address', url },
    notes: [
      `The link works once, within ${minutes} minutes. You can ask for another in your account at any time.`,
      'If you did not register, you need not do anything.',
    ],
  }),
  ko: ({ name, url, minutes }) => ({
    subject: 'Flotilla에 오신 것을 환영합니다',
    greeting: name ? `${name} 님, 환영합니다.` : '환영합니다.',
    paragraphs: [
      '계정이 준비되었습니다. 중요한 소식을 전해 드릴 수 있도록 이 주소가 본인의 것임을 확인해 주세요.',
    ],
    action: { label: '이메일 주소 확인', url },
    notes: [
      `이 링크는 ${minutes}분 동안 한 번만 사용할 수 있습니다. 계정 페이지에서 언제든지 새 링크를 요청할 수 있습니다.`,
      '가입하신 적이 없다면 아무것도 하지 않으셔도 됩니다.',
    ],
  }),
};
