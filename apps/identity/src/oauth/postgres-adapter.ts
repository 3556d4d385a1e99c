import { MAX_CLIENT_NAME } from '@flotilla/contracts/oauth-clients';
import { type Adapter, type AdapterPayload, errors, Provider } from 'oidc-provider';
import { noteReuse, noteShown } from '../audit/audit-requests.js';
import type { ClientRegistry } from './clients/client-registry.js';
import type { OAuthRecords } from './oauth-records.js';

/** Not told to expire; older than any record that anybody still asks for. */
const FOREVER_SECONDS = 10 * 365 * 24 * 60 * 60;
/** What tokens are given for, once. */
const GRANT_SOURCES = new Set(['AuthorizationCode', 'RefreshToken', 'DeviceCode']);

/** What oidc-provider stores, in PostgreSQL: clients in their own table, everything else as records. */
export function postgresAdapter(
  records: OAuthRecords,
  clients: ClientRegistry,
): (model: string) => Adapter {
  return (model) =>
    model === 'Client' ? clientAdapter(records, clients) : recordAdapter(model, records);
}

function recordAdapter(model: string, records: OAuthRecords): Adapter {
  return {
    upsert: (id, payload, seconds = FOREVER_SECONDS) => records.save(model, id, payload, seconds),
    find: async (id) => {
      const payload = await records.find(model, id);
      if (payload && GRANT_SOURCES.has(model)) noteShown(Provider.ctx, payload);
      return payload;
    },
    findByUid: (uid) => records.findByUid(model, uid),
    findByUserCode: (userCode) => records.findByUserCode(model, userCode),
    consume: async (id) => {
      if (await records.consume(model, id)) return;
      if (model === 'PushedAuthorizationRequest')
        throw new errors.InvalidRequestUri('request_uri was used already');
      noteReuse(Provider.ctx);
      throw new errors.InvalidGrant('it was used already');
    },
    destroy: async (id) => {
      if (model === 'Grant') await records.removeGrant(id);
      else if (model === 'ClientCredentials') await records.revokeToken(id);
      else await records.remove(model, id);
    },
    // A grant goes as a whole, in one transaction: see `destroy`, which every revocation comes to.
    revokeByGrantId: () => Promise.resolve(),
  };
}

function clientAdapter(records: OAuthRecords, clients: ClientRegistry): Adapter {
  const unused = (): Promise<undefined> => Promise.resolve(undefined);
  return {
    upsert: async (_, metadata: AdapterPayload) => {
      if (String(metadata.client_name ?? '').length > MAX_CLIENT_NAME)
        throw new errors.InvalidClientMetadata('client_name is too long');
      const token = Provider.ctx?.oidc.entities.InitialAccessToken;
      const owner = token ? await records.ownerOf('InitialAccessToken', token.jti) : null;
      await clients.register(metadata, owner);
    },
    find: (clientId) => clients.find(clientId),
    findByUid: unused,
    findByUserCode: unused,
    consume: unused,
    destroy: unused,
    revokeByGrantId: unused,
  };
}
