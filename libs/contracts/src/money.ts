import { IsInt, IsISO4217CurrencyCode, Matches, Max, Min } from 'class-validator';

/** An amount in integer minor units (cents) of an ISO 4217 currency. */
export class Money {
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  amount: number;

  /** ISO 4217, in capitals. */
  @Matches(/^[A-Z]{3}$/)
  @IsISO4217CurrencyCode()
  currency: string;
}
