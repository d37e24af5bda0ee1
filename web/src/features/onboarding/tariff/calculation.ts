import type { SchemaCardDevice } from "@/shared/api/generated/schema";
import { toKopecks } from "@/shared/lib/roubles";

/** What one device costs, in roubles; `own`: a price of its own stands for the tariff's. */
export interface Line {
  id: string;
  title: string;
  fee: number;
  own: boolean;
}

export interface Calculation {
  lines: Line[];
  total: number;
}

/** The sum that will be billed and what it is made of; an own price of zero is none, as on the server. */
export function calculate(
  devices: readonly Pick<SchemaCardDevice, "id" | "title" | "extra_fee">[],
  extraPerDevice: number,
): Calculation {
  const lines = devices.map(({ id, title, extra_fee }) => {
    const own = extra_fee !== null && extra_fee > 0;
    return { id, title, fee: own ? extra_fee : extraPerDevice, own };
  });
  return { lines, total: lines.reduce((sum, { fee }) => sum + toKopecks(fee), 0) / 100 };
}
