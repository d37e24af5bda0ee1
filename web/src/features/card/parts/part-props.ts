import type { Detail } from "@/entities/clients/card";

/** Props of every part of the card. */
export interface PartProps {
  clientId: string;
  detail: Detail;
  /** The client is held by the current manager or by no one. */
  mayWrite: boolean;
  /** As `mayWrite`, and the contact data are filled in, which other steps require. */
  mayFill: boolean;
  /** Passport number, photos and contracts are shown to the manager who holds the client and to super admins. */
  seesAll: boolean;
}
