import { type DeviceCode as Device, errors, Provider } from 'oidc-provider';
import type { OAuthRecords } from './oauth-records.js';

/** Devices are told nothing and so wait five seconds between two questions (RFC 8628 §3.2); some count from sending. */
const AT_LEAST_SECONDS = 4;

type Find = (value: string, options?: object) => Promise<Device | undefined>;

/** Answers devices that ask too often whether somebody has entered their code that they do (`slow_down`, RFC 8628 §3.5). */
export function paceDevices({ DeviceCode }: Provider, records: OAuthRecords): void {
  const find = DeviceCode.find.bind(DeviceCode) as Find;
  const paced: Find = async (value, options) => {
    const code = await find(value, options);
    const isDecided = code?.accountId !== undefined || code?.error !== undefined;
    if (!code || isDecided || code.isExpired || Provider.ctx?.oidc.route !== 'token') return code;
    if (await records.takeTurn('DevicePoll', value, AT_LEAST_SECONDS)) return code;
    throw new errors.SlowDown();
  };
  Object.assign(DeviceCode, { find: paced });
}
