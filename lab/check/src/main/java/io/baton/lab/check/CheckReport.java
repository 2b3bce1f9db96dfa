package io.baton.lab.check;

import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;

/**
 * The findings, in the order of the promises.
 *
 * @param endedSagas how many sagas had ended; with none, nothing was shown and the run is invalid
 * @param quiet whether nothing was under way any more when it was looked at
 */
public record CheckReport(List<Finding> findings, long endedSagas, boolean quiet) {

    /** Whether there was anything to judge. */
    public boolean isValid() {
        return endedSagas > 0;
    }

    public long violations() {
        return findings.stream().mapToLong(Finding::violations).sum();
    }

    /** 0 every promise that was exercised was kept; 1 one was broken; 2 invalid. */
    public int exitCode() {
        return violations() > 0 ? 1 : isValid() ? 0 : 2;
    }

    /** One line a promise, with examples of violations below it, and one line for all. */
    public String text() {
        StringBuilder text = new StringBuilder();
        findings.forEach(finding -> text.append(finding.text()).append('\n'));
        text.append(String.format(
                Locale.ROOT,
                "%s: %,d ended sagas, %d promises kept, %d not exercised, %,d violations%s",
                switch (exitCode()) {
                    case 0 -> "PASSED";
                    case 1 -> "VIOLATED";
                    default -> "INVALID";
                },
                endedSagas,
                count(Verdict.OK),
                count(Verdict.NOT_EXERCISED),
                violations(),
                quiet ? "" : " (looked at while something was still under way)"));
        return text.toString();
    }

    /** The same as one object of JSON. */
    public String json() {
        return JsonMapper.shared().writeValueAsString(this);
    }

    private long count(Verdict verdict) {
        return findings.stream().filter(finding -> finding.verdict() == verdict).count();
    }
}
