import { Search, X } from "lucide-react";
import { useEffect, useRef } from "react";

import { Button } from "@/shared/ui/button";
import { Input } from "./input";

const LONGEST = 200;

interface Props {
  /** «Поиск клиентов» */
  label: string;
  placeholder: string;
  value: string;
  onChange: (value: string) => void;
}

/** Search as you type. «/» focuses it from anywhere on the screen, Esc clears it. */
export function QuickSearch({ label, placeholder, value, onChange }: Props) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const lead = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target))
        return;
      event.preventDefault();
      input.current?.focus();
      input.current?.select();
    };
    document.addEventListener("keydown", lead);
    return () => document.removeEventListener("keydown", lead);
  }, []);
  const empty = () => {
    onChange("");
    input.current?.focus();
  };

  return (
    <search className="relative">
      <Search aria-hidden className="pointer-events-none absolute top-3 left-3 size-5 text-ink-soft" />
      <Input
        ref={input}
        type="text"
        inputMode="search"
        enterKeyHint="search"
        autoComplete="off"
        autoCorrect="off"
        spellCheck={false}
        maxLength={LONGEST}
        aria-label={label}
        aria-keyshortcuts="/"
        placeholder={placeholder}
        className="px-10"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape" && value !== "") empty();
          if (event.key === "Enter") event.currentTarget.blur();
        }}
      />
      {value !== "" && (
        <Button
          look="quiet"
          size="icon"
          aria-label="Очистить поиск"
          className="absolute inset-y-0 right-0"
          onClick={empty}
        >
          <X aria-hidden />
        </Button>
      )}
    </search>
  );
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
