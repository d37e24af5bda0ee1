import type { SchemaCardDevice } from "@/shared/api/generated/schema";
import { toKopecks } from "@/shared/lib/roubles";

/** Price of one device, in roubles; `own`: the device's own price instead of the tariff's. */
interface Line {
  id: string;
  title: string;
  fee: number;
  own: boolean;
}

export interface Calculation {
  lines: Line[];
  total: number;
}

/** The sum to be billed, by device. An own price of zero counts as none, as on the server. */
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
