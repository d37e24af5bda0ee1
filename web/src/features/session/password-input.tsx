import { Eye, EyeOff } from "lucide-react";
import { useState, type ComponentProps, type KeyboardEvent } from "react";

import { Button } from "@/shared/ui/button";
import { Input } from "@/shared/ui/form/input";

type Props = Omit<ComponentProps<"input">, "type"> & { onCapsLock: (on: boolean) => void };

/** Password input with a visibility toggle and a Caps Lock hint. */
export function PasswordInput({ onCapsLock, ...rest }: Props) {
  const [open, setOpen] = useState(false);
  const notice = (event: KeyboardEvent) => onCapsLock(event.getModifierState("CapsLock"));
  return (
    <div className="relative">
      <Input
        {...rest}
        type={open ? "text" : "password"}
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        className="pr-12"
        onKeyDown={notice}
        onKeyUp={notice}
      />
      <Button
        look="quiet"
        size="icon"
        className="absolute inset-y-0 right-0"
        aria-label={open ? "Скрыть пароль" : "Показать пароль"}
        aria-pressed={open}
        onClick={() => setOpen(!open)}
      >
        {open ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
      </Button>
    </div>
  );
}
