import { Link } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";

import { Button } from "@/shared/ui/button";

/** Link back to the list, with its state. */
export function BackToList() {
  return (
    <Button asChild look="quiet" size="icon" className="-ml-3">
      <Link to="/clients" aria-label="К списку клиентов">
        <ArrowLeft aria-hidden />
      </Link>
    </Button>
  );
}
