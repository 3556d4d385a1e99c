import { migrateMain } from '@flotilla/runtime/migrations';
import { migrations } from './migrations.js';

await migrateMain({ service: 'notifications', migrations });
