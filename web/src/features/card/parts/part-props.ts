import type { Detail } from "@/entities/clients/card";

/** What every part of the card is told. */
export interface PartProps {
  clientId: string;
  detail: Detail;
  /** Nobody or I hold the client. */
  mayWrite: boolean;
  /** …and his contact data are there: they come before everything else. */
  mayFill: boolean;
  /** Passport number, photos and contracts are for whoever holds the client, and for super admins. */
  seesAll: boolean;
}
