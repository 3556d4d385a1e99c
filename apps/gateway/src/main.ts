import { runMain } from '@flotilla/runtime/bootstrap';
import { bootstrap } from './bootstrap.js';

await runMain(bootstrap);
