import { migrateMain } from '@flotilla/runtime/migrate-main';
import { migrations } from './migrations.js';

await migrateMain({ service: 'notifications', migrations });
