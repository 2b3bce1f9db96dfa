package io.baton.lab.check;

import java.util.List;

/**
 * One promise and what came of checking it.
 *
 * @param promise as {@code P13}
 * @param title the promise in a few words
 * @param counted what was looked at, for a person
 * @param violations how often it was broken
 * @param examples up to {@link Evidence#EXAMPLES} of them
 */
public record Finding(
        String promise, Verdict verdict, String title, String counted, long violations, List<String> examples) {

    /** One line, and one for each example. */
    String text() {
        StringBuilder text = new StringBuilder("%-3s %s  %s".formatted(promise, verdict, title));
        if (!counted.isEmpty()) {
            text.append(": ").append(counted);
        }
        if (violations > 0) {
            text.append(String.format(": %,d violation%s", violations, violations == 1 ? "" : "s"));
        }
        examples.forEach(example -> text.append("\n      ").append(example));
        return text.toString();
    }
}
