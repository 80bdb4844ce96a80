"""Independent count, part 3: collect all figures of the modules that part 3 is made of.

With parts 1 and 2 it counts every measure of ethnic groups, reviews, the service's lists, education
and what is counted over time. Second opinion in tests, written from the documents alone. On purpose
plain and slow: standard library, loops over rows. It shares no code with the program that it checks, only with parts 1
(slow_count) and 2 (slow_services).

    further(folder, start, end) -> {(measure, breakdown, group): (numerator, denominator, value)}

The form is that of ``slow_services.services``: `value` is None where it cannot be said.
"""

from independent.slow_authority import Authority
from independent.slow_ethnicity import ethnicity_figures
from independent.slow_gcse import gcse_figures
from independent.slow_later_modules import later_figures
from independent.slow_lists import list_figures
from independent.slow_over_time import figures_over_time
from independent.slow_reviews_further import further_review_figures


def further(folder, start, end, authority=None):
    """Every figure of this part for the period, both days in."""
    authority = authority or Authority(folder)
    return {
        **ethnicity_figures(authority, start, end),
        **further_review_figures(authority, start, end),
        **list_figures(authority, start, end),
        **figures_over_time(authority, start, end),
        **gcse_figures(authority, start, end),
        **later_figures(authority, end),
    }
