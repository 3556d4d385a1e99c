import { IsInt, Matches, Max, Min } from 'class-validator';

/** An amount in integer minor units (cents) of an ISO 4217 currency. */
export class Money {
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  amount: number;

  @Matches(/^[A-Z]{3}$/)
  currency: string;
}
