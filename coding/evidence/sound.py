"""Which places that a sentence names are called sound in it: nothing is done to them."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from coding.evidence.doubtful_words import doubtful_words
from coding.evidence.lexicon import Lexicon
from coding.evidence.sentences import Sentence
from coding.evidence.vocabulary import Site


def not_sound(lexicon: Lexicon, sentence: Sentence, sites: Sequence[Site]) -> Iterator[Site]:
    """The places of a sentence that it does not call sound, such as normal, or equal to the other one."""
    of_sound = [*doubtful_words().sound.find(sentence), *lexicon.sound_index.find(sentence)]
    sound = sorted((after, first) for first, _, after, _ in of_sound)
    for site, following in zip_longest(sites, sites[1:]):
        # What is sound is said up to a place, or behind it and before the place that is named next.
        end = following.first if following else len(sentence.words)
        reaching = bisect_left(sound, (site.first,))
        if reaching == len(sound) or sound[reaching][1] >= end:
            yield site
