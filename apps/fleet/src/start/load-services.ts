import { SERVICES } from '../services.js';

/** Loads all that services load, and ends: that is when Node writes what it has compiled to NODE_COMPILE_CACHE. */
await Promise.all(SERVICES.map((service) => import(`@flotilla/${service}/bootstrap`)));
process.exit();
