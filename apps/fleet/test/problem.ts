/** RFC 9457, with the members that the contract adds. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  requestId: string;
  errors?: { pointer: string; code: string; detail: string }[];
  lines?: { sku: string; requested: number; available: number }[];
}
