import type { Detail } from "@/shared/clients/card";

/** What every part of the card is told. */
export interface About {
  clientId: string;
  detail: Detail;
  /** Nobody or I hold the client. */
  mayWrite: boolean;
  /** Passport number, photos and contracts are for whoever holds the client, and for super admins. */
  seesAll: boolean;
}
