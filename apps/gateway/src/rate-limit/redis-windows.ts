import type { RedisLink } from '@flotilla/runtime/redis-link';
import type { Verdict, Window } from './sliding-window.js';
import { PARTS } from './sliding-window.js';

/** `charge` of sliding-window.ts, line by line, by Redis's own clock: every gateway charges the same account, one at a time. */
const SCRIPT = `
local limit, window, units = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local packed = redis.call('GET', KEYS[1])
local old = packed and cmsgpack.unpack(packed) or {}
local charges, used = {}, 0
for i = 1, #old, 3 do
  if old[i + 1] > now - window then
    charges[#charges + 1], charges[#charges + 2], charges[#charges + 3] = old[i], old[i + 1], old[i + 2]
    used = used + old[i + 2]
  end
end
local function untilFreed(wanted)
  local freed = 0
  for i = 1, #charges, 3 do
    freed = freed + charges[i + 2]
    if freed >= wanted then return charges[i + 1] + window - now end
  end
  return #charges == 0 and 0 or window
end
local function store()
  if #charges == 0 then redis.call('DEL', KEYS[1])
  else redis.call('SET', KEYS[1], cmsgpack.pack(charges), 'PX', window) end
end
local n = #charges
if units < 0 then
  local left = -units
  while left > 0 and n > 0 do
    local back = math.min(left, charges[n])
    left = left - back
    charges[n] = charges[n] - back
    if charges[n] == 0 then
      charges[n], charges[n - 1], charges[n - 2] = nil, nil, nil
      n = n - 3
    end
  end
  store()
  return {1, math.max(0, limit - used - units - left), untilFreed(1)}
end
if used + units > limit then
  return {0, math.max(0, limit - used), untilFreed(used + units - limit)}
end
if n > 0 and now - charges[n - 2] < window / ${PARTS} then
  charges[n - 1], charges[n] = now, charges[n] + units
else
  charges[n + 1], charges[n + 2], charges[n + 3] = now, now, units
end
store()
return {1, limit - used - units, untilFreed(1)}
`;

/** Windows that all gateways share. */
export class RedisWindows {
  constructor(private readonly redis: RedisLink) {}

  /** Like `charge`. @throws RedisAway when Redis does not answer within its time */
  async charge(bucket: string, { limit, windowMs }: Window, units: number): Promise<Verdict> {
    const [admitted, remaining, resetMs] = (await this.redis.evaluate(
      SCRIPT,
      [`limit:${bucket}`],
      [limit, windowMs, units].map(String),
    )) as [number, number, number];
    return { admitted: admitted === 1, remaining, resetMs };
  }
}
