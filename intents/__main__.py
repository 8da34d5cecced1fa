"""``python -m intents``: look at the matcher and measure it."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from intents.evaluate import as_text
from intents.evaluate import evaluate as measure
from intents.lexicon import Lexicon, load_lexicon
from intents.matcher import Explanation, Matcher, cached
from intents.perturb import NOISES, perturb
from intents.reliability import as_svg
from intents.topics import BadFile, Topic, from_content, from_tsv, read_examples

T = TypeVar("T")

CONTENT = click.option(
    "--content",
    type=click.Path(path_type=Path),
    default=Path("content/vi"),
    show_default=True,
    help="Folder of articles.",
)
TRAIN = click.option("--train", type=click.Path(path_type=Path), help="TSV to learn from instead of the content.")


@click.group(help=__doc__)
def main() -> None:
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]


@main.command()
@click.argument("text")
@CONTENT
@TRAIN
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def match(text: str, content: Path, train: Path | None, as_json: bool) -> None:
    """Show how TEXT is understood: ranking, probabilities and why."""
    explanation = _matcher(content, train).explain(text)
    if as_json:
        click.echo(json.dumps(_explained(explanation), ensure_ascii=False))
        return
    decision = explanation.decision
    click.echo(f"words       {' '.join(explanation.words)}")
    click.echo(
        f"decision    {decision.kind}{f' (rather about {decision.outside}, not served)' if decision.outside else ''}"
    )
    click.echo(f"thresholds  answer from {explanation.answer_from:.2f}, ask back from {explanation.clarify_from:.2f}")
    for rank, candidate in enumerate(decision.candidates, 1):
        click.echo(f"{rank}. {candidate.topic:<32} {candidate.probability:.3f}")
    click.echo("scores      " + "  ".join(f"{topic} {score:.3f}" for topic, score in explanation.scores))
    for topic, words in explanation.evidence:
        click.echo(f"for {topic}: " + ", ".join(f"{word[1:]} {gain:+.3f}" for word, gain in words))


@main.command()
@CONTENT
@TRAIN
@click.option("--test", type=click.Path(path_type=Path), required=True, help="TSV: text<TAB>intent[<TAB>style].")
@click.option("--perturb", "noise", type=click.Choice(list(NOISES)), help="Write the questions anew first.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of the noise.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def evaluate(content: Path, train: Path | None, test: Path, noise: str | None, seed: int, as_json: bool) -> None:
    """Measure on labelled questions: a|b = either is right, out_of_scope = should not be answered."""
    examples = _or_stop(lambda: read_examples(test))
    if noise:
        examples = perturb(examples, noise, seed)
    start = time.perf_counter()
    matcher = _matcher(content, train)
    figures = measure(matcher, examples, build_s=time.perf_counter() - start)
    click.echo(json.dumps(figures, ensure_ascii=False) if as_json else as_text(figures))


@main.command()
@CONTENT
@TRAIN
@click.option("--folds", type=click.IntRange(min=2), default=10, show_default=True, help="Parts left out in turn.")
@click.option("--plot", type=click.Path(path_type=Path), help="Draw the reliability diagram into this SVG file.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def overmatch(content: Path, train: Path | None, folds: int, plot: Path | None, as_json: bool) -> None:
    """Cross-validate: leave utterances out in turn, list those that another topic claims. Some minutes."""
    from intents import overmatch as judge  # here: only this verb learns so often

    topics, lexicon = _topics(content, train)
    figures = judge.overmatch(topics, lexicon, folds, lambda done: show_progress("leaving out", done))
    if plot:
        title = f"{figures['utterances']} utterances, {folds} folds: ECE {figures['calibration']['ece']:.3f}"
        plot.write_text(as_svg(figures["calibration"]["bins"], title), encoding="utf-8")
    click.echo(json.dumps(figures, ensure_ascii=False) if as_json else judge.as_text(figures))


def _topics(content: Path, train: Path | None) -> tuple[list[Topic], Lexicon]:
    """What to learn: a TSV gets no help from the content's lexicon."""
    if train:
        return _or_stop(lambda: from_tsv(train)), Lexicon()
    return _or_stop(lambda: (from_content(content), load_lexicon(content / "lexicon.yaml")))


def _matcher(content: Path, train: Path | None) -> Matcher:
    topics, lexicon = _topics(content, train)
    if train:
        return _or_stop(lambda: Matcher.build(topics, show_progress))
    return cached(Path("var/model"), topics, show_progress, lexicon)


def show_progress(stage: str, done: float) -> None:
    """A bar on a terminal's stderr; nothing where nobody watches."""
    if sys.stderr.isatty():
        bar = "█" * round(done * 24)
        sys.stderr.write(f"\r{bar:<24} {stage:<12}" + ("\r\033[K" if done >= 1 else ""))
        sys.stderr.flush()


def _or_stop(do: Callable[[], T]) -> T:
    try:
        return do()
    except (BadFile, ValueError) as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(2)


def _explained(explanation: Explanation) -> dict[str, object]:
    return {
        "words": explanation.words,
        "decision": explanation.decision.to_json(),
        "scores": explanation.scores,
        "evidence": explanation.evidence,
        "thresholds": {"answer": explanation.answer_from, "clarify": explanation.clarify_from},
    }


if __name__ == "__main__":
    main()
