import type { MailTemplate } from '../mail.js';
import type { LinkMail } from './link-mail.js';

/** To who has forgotten the password. */
export const resetPassword: MailTemplate<LinkMail> = {
  en: ({ url, minutes }) => ({
    subject: 'Choose a new password',
    greeting: 'Hello,',
    paragraphs: [
      'somebody, hopefully you, asked for a new password for your Flotilla account. Choosing one signs you out everywhere.',
    ],
    action: { label: 'Choose a new password', url },
    notes: [
      `The link works once, within ${minutes} minutes.`,
      'If you did not ask for this, you need not do anything: your password stays as it is.',
    ],
  }),
  ko: ({ url, minutes }) => ({
    subject: '새 비밀번호를 설정하세요',
    greeting: '안녕하세요.',
    paragraphs: [
      'Flotilla 계정의 비밀번호 재설정 요청을 받았습니다. 새 비밀번호를 설정하면 모든 기기에서 로그아웃됩니다.',
    ],
    action: { label: '새 비밀번호 설정', url },
    notes: [
      `이 링크는 ${minutes}분 동안 한 번만 사용할 수 있습니다.`,
      '요청하신 적이 없다면 아무것도 하지 않으셔도 됩니다. 비밀번호는 바뀌지 않습니다.',
    ],
  }),
};
