import { type Command, Option } from 'commander';
import { FleetDirectory, type FleetFile } from '../fleet-directory.js';
import { GatewayClient } from '../gateway-client.js';
import { UsageError } from '../output.js';

/** What every command takes. */
export interface FleetOptions {
  json: boolean;
  data: string;
  url?: string;
}

/** Adds `--json`, `--data` and, for commands that go to a fleet that runs, `--url`. */
export function withFleetOptions(command: Command, { url = true } = {}): Command {
  command
    .addOption(
      new Option('--data <dir>', 'the directory of the fleet')
        .env('FLOTILLA_DATA')
        .default('.flotilla'),
    )
    .option('--json', 'one JSON document on stdout, progress on stderr', false);
  if (!url) return command;
  return command.addOption(
    new Option('--url <url>', 'a gateway, instead of --data; its key in FLOTILLA_API_KEY').env(
      'FLOTILLA_URL',
    ),
  );
}

/** The gateway that the options name. @throws UsageError when they name none */
export function gatewayOf(options: FleetOptions): GatewayClient {
  if (options.url === undefined) {
    const { url, apiKey } = runningFleet(options.data);
    return new GatewayClient(url, apiKey);
  }
  const apiKey = process.env.FLOTILLA_API_KEY;
  if (!apiKey) throw new UsageError('--url needs an API key in FLOTILLA_API_KEY');
  if (!/^https?:$/.test(URL.parse(options.url)?.protocol ?? '')) {
    throw new UsageError(`--url: ${options.url} is not the URL of a gateway`);
  }
  return new GatewayClient(options.url, apiKey);
}

/**
 * The administrator's database URL: of the fleet in the directory, else DATABASE_URL; behind a gateway only the latter.
 * @throws UsageError
 */
export function databaseUrlOf(options: FleetOptions): string {
  return serverOf(options, 'databaseUrl', 'DATABASE_URL');
}

/** The URL of NATS: of the fleet in the directory, else NATS_URL; behind a gateway only the latter. @throws UsageError */
export function natsUrlOf(options: FleetOptions): string {
  return serverOf(options, 'natsUrl', 'NATS_URL');
}

function serverOf(
  { data, url }: FleetOptions,
  key: 'databaseUrl' | 'natsUrl',
  variable: 'DATABASE_URL' | 'NATS_URL',
): string {
  const local = url === undefined ? new FleetDirectory(data).fleet() : undefined;
  const server = local?.[key] ?? process.env[variable];
  if (server) return server;
  throw new UsageError(
    url === undefined
      ? `No fleet is running in ${data}, and ${variable} is not set`
      : `With --url this needs ${variable} of that fleet as well`,
  );
}

function runningFleet(data: string): FleetFile {
  const fleet = new FleetDirectory(data).fleet();
  if (fleet) return fleet;
  throw new UsageError(`No fleet is running in ${data}; start one, or name it by --data or --url`);
}

/** A parser of whole numbers for commander. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new UsageError(`${text} is not a whole number from ${min} to ${max}`);
  };
}
