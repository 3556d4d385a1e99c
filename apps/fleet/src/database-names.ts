import type { StatefulService } from './services.js';

/** The name that all databases of a fleet begin with: that of the administrator's URL, or `flotilla`. */
export function baseName(adminUrl: string): string {
  return decodeURIComponent(new URL(adminUrl).pathname.slice(1)) || 'flotilla';
}

/** The database of a service, and the role that it signs in as: `flotilla_api_keys`. */
export function databaseName(adminUrl: string, service: StatefulService): string {
  return `${baseName(adminUrl)}_${service.replaceAll('-', '_')}`;
}

/** The same server and credentials, another database. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${encodeURIComponent(database)}`;
  return changed.href;
}

/** A service's database as the administrator reaches it. */
export function adminDatabaseUrl(adminUrl: string, service: StatefulService): string {
  return withDatabase(adminUrl, databaseName(adminUrl, service));
}

/** A service's database as its own role reaches it. */
export function serviceDatabaseUrl(
  adminUrl: string,
  service: StatefulService,
  password: string,
): string {
  const url = new URL(adminDatabaseUrl(adminUrl, service));
  url.username = databaseName(adminUrl, service);
  url.password = encodeURIComponent(password);
  return url.href;
}
