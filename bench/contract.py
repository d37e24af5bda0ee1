"""`python -m bench.contract [ROUNDS]`: time of one contract, compared with a bare document of as many pages."""

import sys
from collections.abc import Callable, Sequence
from time import perf_counter

from reportlab.platypus import PageBreak, Paragraph

from documents.contracts.contract import render_contract
from documents.contracts.page import Running, build
from documents.contracts.typography import BODY, HEADING, typesetting
from tests.contract_samples import contract

PAGES = 3
LINES_PER_PAGE = 45
LINE = "Исполнитель оказывает услуги по заявкам Заказчика в согласованное время, № 1 «а» — 2."


def bare_document() -> bytes:
    """The floor: a heading and paragraphs in the same typeface."""
    text = " ".join([LINE] * LINES_PER_PAGE)
    with typesetting():
        story = [Paragraph("Договор абонентского обслуживания", HEADING)]
        for _ in range(PAGES - 1):
            story += [Paragraph(text, BODY), PageBreak()]
        story.append(Paragraph(text, BODY))
        return build(story, Running("Договор", "форма", "дата", "Договор", "Исполнитель", "Пример"))


def measured(renders: Sequence[Callable[[], bytes]], rounds: int) -> list[tuple[float, float]]:
    """p50 and p95 in milliseconds of each; called in turn, so that load of the machine affects all."""
    times: list[list[float]] = [[] for _ in renders]
    for _ in range(rounds):
        for render, taken in zip(renders, times, strict=True):
            began = perf_counter()
            render()
            taken.append((perf_counter() - began) * 1000)
    return [(sorted(taken)[rounds // 2], sorted(taken)[int(rounds * 0.95)]) for taken in times]


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    snapshot = contract()
    renders = (lambda: render_contract(snapshot), bare_document)
    measured(renders, 10)
    whole, floor = measured(renders, rounds)
    print(f"contract, {PAGES} pages        p50 {whole[0]:6.1f} ms   p95 {whole[1]:6.1f} ms")
    print(f"bare document, {PAGES} pages   p50 {floor[0]:6.1f} ms   p95 {floor[1]:6.1f} ms")
    print(f"ratio p50 {whole[0] / floor[0]:.2f}")


if __name__ == "__main__":
    main()
