export { serviceConfig as config } from '@flotilla/runtime/config';
