import { Trash2 } from "lucide-react";
import { useState } from "react";

import type { Card } from "@/entities/clients/card";
import type { Write } from "@/shared/api/write";
import { Button } from "@/shared/ui/button";
import { Confirm } from "@/shared/ui/overlay/confirm";
import { Modal } from "@/shared/ui/overlay/modal";

import { StoredPhoto } from "./stored-photo";

export interface CardPhoto {
  id: string;
  url: string;
}

interface Props {
  /** What the photos show: «Ноутбук Asus», «Паспорт». */
  name: string;
  photos: readonly CardPhoto[];
  /** Absent when photos cannot be removed. */
  removal?: Pick<Write<string, Card>, "sendAsync" | "isPending" | "error" | "reset"> | undefined;
  onExpired: () => void;
}

/** Stored photos as thumbnails. Each opens in a modal, where it can be removed. */
export function PhotoStrip({ name, photos, removal, onExpired }: Props) {
  const [openId, setOpenId] = useState<string>();
  const [removedId, setRemovedId] = useState<string>();
  const open = photos.find(({ id }) => id === openId);
  const title = (photo: CardPhoto) => `${name}: фото ${photos.indexOf(photo) + 1}`;

  const remove = async (id: string) => {
    try {
      await removal?.sendAsync(id);
      setRemovedId(undefined);
    } catch {
      // The question stays open and shows the error.
    }
  };

  return (
    <>
      {photos.length > 0 && (
        <ul aria-label={`Фото: ${name}`} className="flex flex-wrap gap-2">
          {photos.map((photo) => (
            <li key={photo.id}>
              <button
                type="button"
                onClick={() => setOpenId(photo.id)}
                className="block overflow-hidden rounded-xl border border-line"
              >
                <StoredPhoto
                  url={photo.url}
                  alt={title(photo)}
                  onExpired={onExpired}
                  className="block size-24 object-cover"
                />
              </button>
            </li>
          ))}
        </ul>
      )}
      <Modal
        wide
        open={open !== undefined}
        title={open === undefined ? name : title(open)}
        onClose={() => setOpenId(undefined)}
      >
        {open !== undefined && (
          <StoredPhoto
            url={open.url}
            alt={title(open)}
            onExpired={onExpired}
            className="max-h-[70dvh] min-h-40 w-full rounded-xl object-contain"
          />
        )}
        {removal !== undefined && open !== undefined && (
          <Button
            look="secondary"
            className="justify-self-end"
            onClick={() => {
              removal.reset();
              setRemovedId(open.id);
              setOpenId(undefined);
            }}
          >
            <Trash2 aria-hidden />
            Удалить фото
          </Button>
        )}
      </Modal>
      <Confirm
        open={removedId !== undefined}
        title="Удалить фото?"
        action="Удалить"
        danger
        busy={removal?.isPending ?? false}
        error={removal?.error}
        onConfirm={() => removedId !== undefined && void remove(removedId)}
        onClose={() => setRemovedId(undefined)}
      >
        <p>Вернуть его не получится, но можно загрузить новое.</p>
      </Confirm>
    </>
  );
}
