import { useState } from "react";

import { Button } from "@/shared/ui/button";
import { Field } from "@/shared/ui/form/field";
import { Input } from "@/shared/ui/form/input";

import { Chips } from "../chips";
import { addKeywords } from "./keyword-list";

interface Props {
  words: string[];
  error: string | undefined;
  disabled: boolean;
  onChange: (words: string[]) => void;
}

/** Words that hide a message. Enter or a comma ends a word. */
export function Keywords({ words, error, disabled, onChange }: Props) {
  const [typed, setTyped] = useState("");
  const add = () => {
    onChange(addKeywords(words, typed));
    setTyped("");
  };
  return (
    <div className="grid gap-3">
      <div className="grid gap-2 sm:flex sm:items-start">
        <Field
          label="Скрывать сообщения со словами"
          hint="Сообщение с любым из этих слов не попадёт в переписку."
          error={error}
          className="flex-1"
        >
          <Input
            value={typed}
            disabled={disabled}
            enterKeyHint="done"
            autoComplete="off"
            placeholder="Слово или фраза"
            onChange={({ target }) => setTyped(target.value)}
            onKeyDown={(event) => {
              if (event.key !== "Enter" && event.key !== ",") return;
              event.preventDefault();
              add();
            }}
          />
        </Field>
        <Button
          look="secondary"
          className="sm:mt-6.5"
          disabled={disabled || typed.trim() === ""}
          onClick={add}
        >
          Добавить
        </Button>
      </div>
      <Chips
        label="Слова"
        values={words}
        disabled={disabled}
        onRemove={(word) => onChange(words.filter((one) => one !== word))}
      />
    </div>
  );
}
