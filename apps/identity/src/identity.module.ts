import { IDENTITY_EVENTS } from '@flotilla/contracts/events';
import { EventStoreModule } from '@flotilla/event-store/event-store.module';
import { IdempotentRequests } from '@flotilla/event-store/idempotent-requests';
import { MessagingModule } from '@flotilla/messaging/messaging.module';
import { RevocationFeed } from '@flotilla/revocation/revocation-feed';
import { RevocationFeedModule } from '@flotilla/revocation/revocation-feed.module';
import { DatabaseModule } from '@flotilla/runtime/database.module';
import { type DynamicModule, Module } from '@nestjs/common';
import { AttemptGate } from './abuse/attempt-gate.js';
import { AuditLog } from './audit/audit-log.js';
import { AuditQueries } from './audit/audit.queries.js';
import { IDENTITY_CONFIG, type IdentityConfig } from './config.js';
import { AuditController } from './controllers/audit.controller.js';
import { EmailLinksController } from './controllers/email-links.controller.js';
import { IdentityController } from './controllers/identity.controller.js';
import { OAuthController } from './controllers/oauth.controller.js';
import { Argon2Passwords } from './credentials/argon2-passwords.js';
import { BundledCommonPasswords } from './credentials/bundled-common-passwords.js';
import { CommonPasswords } from './domain/password.js';
import { EmailLinks } from './email-links/email-links.js';
import { migrations } from './migrations.js';
import { AccountClaims } from './oauth/account-claims.js';
import { AccountStates } from './oauth/account-states.js';
import { AuthorizationServer } from './oauth/authorization-server.js';
import { BrowserSessions } from './oauth/browser-sessions.js';
import { ClientOwners } from './oauth/client-owners.js';
import { ClientAdministration } from './oauth/clients/client-administration.js';
import { ClientRegistry } from './oauth/clients/client-registry.js';
import { Grants } from './oauth/grants.js';
import { Interactions } from './oauth/interactions.js';
import { OAuthRecords } from './oauth/oauth-records.js';
import { RecordSweeper } from './oauth/record-sweeper.js';
import { SigningKeys } from './oauth/signing-keys.js';
import { AccountAccessController } from './pages/account-access.controller.js';
import { AccountController } from './pages/account.controller.js';
import { FormTokens } from './pages/form-tokens.js';
import { InteractionsController } from './pages/interactions.controller.js';
import { PasskeysController } from './pages/passkeys.controller.js';
import { RecoveryController } from './pages/recovery.controller.js';
import { SignInSteps } from './pages/sign-in-steps.js';
import { TwoFactorController } from './pages/two-factor.controller.js';
import { Visitors } from './pages/visitors.js';
import { PasskeyChallenges } from './passkeys/passkey-challenges.js';
import { Passkeys } from './passkeys/passkeys.js';
import { ConfirmEmail } from './recovery/confirm-email.js';
import { IssueEmailLink } from './recovery/issue-email-link.js';
import { RequestPasswordReset } from './recovery/request-password-reset.js';
import { ResetPassword } from './recovery/reset-password.js';
import { AccountQueries } from './repositories/account.queries.js';
import { PostgresAccountsUnitOfWork } from './repositories/accounts-unit-of-work.js';
import { Reseal } from './reseal.js';
import { Sealing } from './sealing.js';
import { SecondFactors } from './second-factor/second-factors.js';
import { KnownDevices } from './sign-in/known-devices.js';
import { ManagePasskeys } from './sign-in/manage-passkeys.js';
import { ManageSecondFactor } from './sign-in/manage-second-factor.js';
import { SignIn } from './sign-in/sign-in.js';
import { Authenticate } from './use-cases/authenticate.js';
import { ChangeRole } from './use-cases/change-role.js';
import { ChangeUser } from './use-cases/change-user.js';
import { DisableUser } from './use-cases/disable-user.js';
import { EnsureAccount } from './use-cases/ensure-account.js';
import { EraseUser } from './use-cases/erase-user.js';
import { AccountsUnitOfWork, Passwords, Revocation } from './use-cases/ports.js';
import { RegisterUser } from './use-cases/register-user.js';

/** Accounts: who may sign in, with what, and as whom; and the authorization server. */
@Module({})
export class IdentityModule {
  static forRoot(config: IdentityConfig): DynamicModule {
    return {
      module: IdentityModule,
      imports: [
        DatabaseModule.forRoot({ config, migrations }),
        MessagingModule.forRoot({ ...config, service: 'identity' }),
        EventStoreModule.forRoot({ channel: IDENTITY_EVENTS }),
        RevocationFeedModule.forRoot({ service: 'identity' }),
      ],
      controllers: [
        IdentityController,
        OAuthController,
        AuditController,
        EmailLinksController,
        InteractionsController,
        AccountAccessController,
        AccountController,
        RecoveryController,
        TwoFactorController,
        PasskeysController,
      ],
      providers: [
        IdempotentRequests,
        Authenticate,
        ChangeRole,
        ChangeUser,
        DisableUser,
        EnsureAccount,
        EraseUser,
        RegisterUser,
        AccountQueries,
        { provide: AccountsUnitOfWork, useClass: PostgresAccountsUnitOfWork },
        { provide: Revocation, useExisting: RevocationFeed },
        { provide: Passwords, useClass: Argon2Passwords },
        { provide: CommonPasswords, useClass: BundledCommonPasswords },
        { provide: IDENTITY_CONFIG, useValue: config },
        { provide: Sealing, useValue: new Sealing(config.sealingKeys) },
        AccountClaims,
        AccountStates,
        AuthorizationServer,
        ClientAdministration,
        ClientOwners,
        ClientRegistry,
        BrowserSessions,
        Grants,
        Interactions,
        OAuthRecords,
        RecordSweeper,
        Reseal,
        SigningKeys,
        AttemptGate,
        AuditLog,
        AuditQueries,
        ConfirmEmail,
        EmailLinks,
        IssueEmailLink,
        KnownDevices,
        ManagePasskeys,
        ManageSecondFactor,
        PasskeyChallenges,
        Passkeys,
        RequestPasswordReset,
        ResetPassword,
        SecondFactors,
        SignIn,
        FormTokens,
        SignInSteps,
        Visitors,
      ],
    };
  }
}
