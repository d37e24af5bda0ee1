import { SendHorizontal } from "lucide-react";
import { useEffect, useLayoutEffect, useRef, useState, type SyntheticEvent, type KeyboardEvent } from "react";

import { lengthOf } from "@/shared/lib/typed";
import { Button } from "@/shared/ui/button";
import { Textarea } from "@/shared/ui/form/input";

import { filled, type Values } from "./canned";
import { useReplyDrafts } from "./reply-drafts";

const LONGEST = 4000;
/** A pointing device, most often with a keyboard: Enter sends, and the box takes focus. */
const DESK = "(hover: hover) and (pointer: fine)";

interface Props {
  conversationId: string;
  canned: Record<string, string>;
  values: Values;
  onSend: (text: string) => void;
}

export function ReplyBox({ conversationId, canned, values, onSend }: Props) {
  const drafts = useReplyDrafts();
  const [text, setText] = useState(() => drafts.read(conversationId));
  const [atDesk] = useState(() => matchMedia(DESK).matches);
  const box = useFittingBox(text);
  useEffect(() => {
    if (atDesk) box.current?.focus({ preventScroll: true });
  }, [atDesk, box]);

  const write = (next: string) => {
    setText(next);
    drafts.keep(conversationId, next);
  };
  const tooLong = lengthOf(text.trim()) > LONGEST;
  const send = (event?: SyntheticEvent) => {
    event?.preventDefault();
    if (text.trim() === "" || tooLong) return;
    onSend(text.trim());
    write("");
    box.current?.focus({ preventScroll: true });
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
    if (event.ctrlKey || event.metaKey || (atDesk && !event.shiftKey)) {
      event.preventDefault();
      send();
    }
  };
  const insert = (template: string) => {
    const reply = filled(template, values);
    write(text.trim() === "" ? reply : `${text.trimEnd()}\n${reply}`);
    box.current?.focus({ preventScroll: true });
  };

  return (
    <form className="grid gap-2" onSubmit={send}>
      <Canned canned={canned} onPick={insert} />
      <div className="flex items-end gap-2">
        <Textarea
          ref={box}
          rows={1}
          aria-invalid={tooLong || undefined}
          aria-label="Ответ покупателю"
          placeholder="Ответ покупателю"
          enterKeyHint={atDesk ? "send" : "enter"}
          aria-describedby={atDesk ? "reply-keys" : undefined}
          className="max-h-[35dvh] min-h-11 resize-none"
          value={text}
          onChange={(event) => write(event.target.value)}
          onKeyDown={onKey}
        />
        <Button
          type="submit"
          size="icon"
          aria-label="Отправить"
          className="shrink-0"
          disabled={text.trim() === "" || tooLong}
        >
          <SendHorizontal aria-hidden />
        </Button>
      </div>
      {tooLong && (
        <p role="alert" className="text-sm text-danger">
          Не больше {LONGEST} знаков. Разделите ответ на части.
        </p>
      )}
      {atDesk && (
        <p id="reply-keys" className="text-xs text-ink-soft">
          Enter — отправить, Shift+Enter — новая строка
        </p>
      )}
    </form>
  );
}

function Canned({ canned, onPick }: { canned: Record<string, string>; onPick: (template: string) => void }) {
  const names = Object.keys(canned).sort((a, b) => a.localeCompare(b, "ru"));
  if (names.length === 0) return null;
  return (
    <ul aria-label="Готовые ответы" className="flex max-h-24 flex-wrap gap-1 overflow-y-auto">
      {names.map((name) => (
        <li key={name}>
          <Button
            look="secondary"
            size="small"
            className="min-h-11 rounded-full border-line font-normal"
            title={canned[name]}
            onClick={() => onPick(canned[name] ?? "")}
          >
            /{name}
          </Button>
        </li>
      ))}
    </ul>
  );
}

/** A text box that grows with its content up to a maximum height. */
function useFittingBox(text: string) {
  const box = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight + 2}px`;
  }, [text]);
  return box;
}
