import {
  bool,
  ConfigError,
  type Environment,
  loadConfig,
  serviceConfig,
  type ServiceConfig,
  str,
} from '@flotilla/runtime/config';

/** Where mails go. */
export interface MailConfig {
  /** `smtp://user:password@host:port`, or `smtps:`; a secret. */
  smtpUrl?: string;
  /** A directory for mails where there is no server, for development. */
  directory?: string;
  /** The sender, as in a mail's `From`. */
  from: string;
}

/** How webhooks are sent. */
export interface WebhooksConfig {
  /** 32 bytes each; secrets of endpoints follow from them, new ones from the first. */
  keys: Buffer[];
  /** Sends to addresses inside as well, and unencrypted: for development and tests. */
  allowPrivateTargets: boolean;
}

export interface NotificationsConfig extends ServiceConfig {
  mail: MailConfig;
  webhooks: WebhooksConfig;
}

/** The configuration of notifications. @throws ConfigError */
export function notificationsConfig(env: Environment): NotificationsConfig {
  const read = loadConfig(
    {
      SMTP_URL: str({ default: undefined }),
      MAIL_DIR: str({ default: undefined }),
      MAIL_FROM: str({ default: 'Flotilla <no-reply@flotilla.example>' }),
      WEBHOOK_KEYS: str(),
      WEBHOOKS_ALLOW_PRIVATE_TARGETS: bool({ default: false }),
    },
    env,
  );
  const smtpUrl = read.SMTP_URL;
  const directory = smtpUrl === undefined ? read.MAIL_DIR : undefined;
  const mail = { smtpUrl, directory, from: read.MAIL_FROM };
  const webhooks = {
    keys: keysIn(read.WEBHOOK_KEYS),
    allowPrivateTargets: read.WEBHOOKS_ALLOW_PRIVATE_TARGETS,
  };
  return { ...serviceConfig(env), mail, webhooks };
}

function keysIn(text: string): Buffer[] {
  const keys = text.split(',').map((key) => Buffer.from(key.trim(), 'base64url'));
  if (keys.every(({ length }) => length === 32)) return keys;
  throw new ConfigError(['WEBHOOK_KEYS are not base64url of 32 bytes each']);
}
