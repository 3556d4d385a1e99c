import { Injectable } from '@nestjs/common';

/** The time of day, passed in so that rules about time can be tested. For durations use `performance.now()`. */
export abstract class Clock {
  abstract now(): Date;
}

@Injectable()
export class SystemClock extends Clock {
  now(): Date {
    return new Date();
  }
}
