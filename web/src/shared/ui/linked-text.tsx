import { pieces } from "@/shared/lib/links";

/** A text whose addresses can be opened. What opens learns nothing of the page. */
export function LinkedText({ text }: { text: string }) {
  return pieces(text).map(({ text: words, href }, at) =>
    href === undefined ? (
      <span key={at}>{words}</span>
    ) : (
      <a
        key={at}
        href={href}
        target="_blank"
        rel="noopener noreferrer nofollow"
        className="text-accent underline"
      >
        {words}
      </a>
    ),
  );
}
